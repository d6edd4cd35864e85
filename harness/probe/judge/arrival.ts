// How records arrived: one by one, or in clumps after silence. An outsider sees no more than that. Pure.
import { median } from "./numbers.ts";
import type { Observed } from "./observation.ts";
import type { Arrival } from "./records.ts";

export interface Clump {
  /** When its first record arrived. */
  atMs: number;
  records: number;
  withinMs: number;
  /** The silence before it. */
  afterMs: number;
}

export type ArrivalSeen =
  | { seen: "too-few"; records: number; watchedMs: number }
  /** Everything was there at once, without a wait. */
  | { seen: "at-once"; records: number; atMs: number }
  | { seen: "one-by-one"; records: number; medianGapMs: number; longestGapMs: number }
  /** Some records came together, but no clump after a silence. */
  | { seen: "flow"; records: number; perSecond: number; longestGapMs: number }
  | { seen: "clumps"; records: number; clumps: Clump[]; inClumps: number }
  /** All records in a single clump at the end of the response. */
  | { seen: "all-at-the-end"; records: number; clump: Clump };

/** Records that arrive within this time of each other arrive together: more than a read takes, less than a person notices. */
export const togetherMs = 10;
/** A clump needs a silence before it. */
const silenceMs = 150;
/** Records that come with the header section may be what an application has in store; it needs time to answer. */
const answerMs = 1000;
const fewest = 3;
/** A response that is complete so soon has no timing to judge. */
const atOnceMs = 100;

/** Neighbors that are less than `togetherMs` apart. */
const groupsOf = (times: readonly number[]): number[][] => {
  const groups: number[][] = [];
  for (const at of times) {
    const group = groups.at(-1);
    if (group && at - (group.at(-1) ?? 0) < togetherMs) group.push(at);
    else groups.push([at]);
  }
  return groups;
};

const clumpsIn = (groups: readonly number[][], { head, stalls }: Pick<Observed, "head" | "stalls">): Clump[] => {
  const headMs = head?.atMs ?? 0;
  return groups.flatMap((group, index) => {
    const [atMs = 0] = group;
    const isWithHead = index === 0 && atMs - headMs < togetherMs;
    const before = index > 0 ? (groups[index - 1]?.at(-1) ?? 0) : isWithHead ? 0 : headMs;
    const clump: Clump = { atMs, records: group.length, withinMs: (group.at(-1) ?? atMs) - atMs, afterMs: atMs - before };
    const isOurs = stalls.some(([from, to]) => to >= atMs - togetherMs && from < atMs && to - from > clump.afterMs / 4);
    // What was held is released faster than it was written.
    const isRelease = group.length > 1 && clump.withinMs <= clump.afterMs / 4;
    return isRelease && clump.afterMs >= (isWithHead ? answerMs : silenceMs) && !isOurs ? [clump] : [];
  });
};

export const arrivalOf = (arrivals: readonly Arrival[], observed: Pick<Observed, "head" | "end" | "stalls">): ArrivalSeen => {
  const { end } = observed;
  const times = arrivals.map(({ atMs }) => atMs);
  const records = times.length;
  const [first = 0] = times;
  const last = times.at(-1) ?? 0;
  const groups = groupsOf(times);
  const clumps = clumpsIn(groups, observed);
  const [only] = clumps;
  if (records > 1 && only && groups.length === 1 && (end.how === "complete" || end.how === "closed") && end.atMs - last < silenceMs)
    return { seen: "all-at-the-end", records, clump: only };
  if (clumps.length > 0) return { seen: "clumps", records, clumps, inClumps: clumps.reduce((sum, clump) => sum + clump.records, 0) };
  if (end.how !== "open" && groups.length === 1 && last - first < atOnceMs && (records > 1 || last < atOnceMs))
    return { seen: "at-once", records, atMs: last };
  if (records < fewest) return { seen: "too-few", records, watchedMs: end.atMs };
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
  const longestGapMs = gaps.reduce((longest, gap) => Math.max(longest, gap), 0);
  return groups.length === records
    ? { seen: "one-by-one", records, medianGapMs: median(gaps), longestGapMs }
    : { seen: "flow", records, perSecond: (1000 * (records - 1)) / Math.max(1, last - first), longestGapMs };
};
