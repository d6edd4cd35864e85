// What `hopwise check` says of limits of time, of those that it found and of those that it looked for in vain.
import type { Limit } from "../model/verdict.ts";
import type { CheckReport, CheckRoute } from "./check-report.ts";

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** `59.8–60.4 s`; one number where both are the same. */
const range = (leastMs: number, mostMs: number): string =>
  seconds(leastMs) === seconds(mostMs) ? seconds(leastMs) : `${(leastMs / 1000).toFixed(1)}–${seconds(mostMs)}`;

const limitWords: Record<CheckRoute["limits"][number]["kind"], (time: string) => string> = {
  "first-byte-limit": (time) => `waits ${time} for the first byte of a response`,
  "idle-limit": (time) => `cuts a silent stream after ${time}`,
  "total-limit": (time) => `cuts every stream after ${time}, silent or not`,
  "limit-unclassified": (time) => `cuts a stream after ${time} (by its silence or its age: not told apart)`,
};

const tellWords: Record<string, string> = {
  silent: ", which looks whole to the client",
  "error-response": ", then answers with an error of its own",
  "no-response": ", then closes without a response",
  hung: ", then leaves the client waiting",
};

/** `mostMs`: of several routes, where `ms` is the least. */
export const limitSentence = ({ kind, ms, tells, timeScale }: CheckRoute["limits"][number], mostMs = ms): string =>
  `${limitWords[kind](range(ms, mostMs))}${tellWords[tells] ?? ""}${scaleWords(timeScale)}`;

const scaleWords = (timeScale: number): string => (timeScale === 1 ? "" : ` (measured at ×${timeScale})`);

const noLimitWords: Record<Limit, string> = {
  "first-byte-limit": "on the first byte of a response",
  "idle-limit": "on silence",
  "total-limit": "on a stream that goes on flowing",
};

interface NoLimits {
  kinds: string;
  ms: number;
  timeScale: number;
}

const sentenceOfNone = ({ kinds, ms, timeScale }: NoLimits): string =>
  `no limit ${kinds} found within ${seconds(ms)}${scaleWords(timeScale)}`;

export const noLimitSentence = (route: Pick<CheckRoute, "noLimits">): string[] => noLimitsOf(route).map(sentenceOfNone);

/** Those that were looked for as long are told together. */
const noLimitsOf = ({ noLimits = [] }: Pick<CheckRoute, "noLimits">): NoLimits[] =>
  [...Map.groupBy(noLimits, ({ atLeastMs, timeScale }) => `${seconds(atLeastMs)}${timeScale}`).values()].map((alike) => ({
    kinds: alike.map(({ kind }) => noLimitWords[kind]).join(", "),
    ms: Math.min(...alike.map(({ atLeastMs }) => atLeastMs)),
    timeScale: alike[0]?.timeScale ?? 1,
  }));

interface Told {
  route: string;
  /** What of a sentence is no number. */
  about: string;
  ms: number;
  timeScale: number;
  sentence: (leastMs: number, mostMs: number) => string;
}

/** One limit is measured a little differently each time: by so much of it, or by so much of a machine's time. */
const isNear = (least: Told, { ms }: Told): boolean => ms - least.ms <= Math.max(0.02 * least.ms, 10 * least.timeScale);

/** What is said of several routes is said once, of nearly the same numbers too. */
export const limitsTold = ({ routes }: CheckReport): { sentence: string; routes: string[] }[] => {
  const all = routes.flatMap((route): Told[] => [
    ...route.limits.map((limit) => ({
      ...limit,
      route: route.id,
      about: limitSentence({ ...limit, ms: 0 }),
      sentence: (leastMs: number, mostMs: number) => limitSentence({ ...limit, ms: leastMs }, mostMs),
    })),
    ...noLimitsOf(route).map((none) => ({
      ...none,
      route: route.id,
      about: sentenceOfNone({ ...none, ms: 0 }),
      // The least holds for all.
      sentence: (leastMs: number) => sentenceOfNone({ ...none, ms: leastMs }),
    })),
  ]);
  const groups: Told[][] = [];
  for (const one of all.toSorted((a, b) => a.ms - b.ms)) {
    const near = groups.findLast(([least]) => least?.about === one.about && isNear(least, one));
    if (near) near.push(one);
    else groups.push([one]);
  }
  const first = (group: readonly Told[]): number => all.findIndex((one) => group.includes(one));
  return groups
    .toSorted((a, b) => first(a) - first(b))
    .flatMap((group) => {
      const [least, most] = [group[0], group.at(-1)];
      const ids = all.flatMap((one) => (group.includes(one) ? [one.route] : []));
      return least && most ? [{ sentence: least.sentence(least.ms, most.ms), routes: [...new Set(ids)] }] : [];
    });
};
