// Memory: whether what a hop needs grows with the body. The rule is in memory-growth.ts. Pure.
import { totalsOf } from "../samples.ts";
import type { SampleProblem } from "../samples.ts";
import type { CaseTrace, Trace } from "../trace.ts";
import { bodyBytesOf, isWhole, seriesIn } from "../memory-series.ts";
import type { Series } from "../memory-series.ts";
import type { HopObservation, Memory, MemoryFigures, Verdict } from "../verdict.ts";
import { pick } from "./case-view.ts";

/** Cases that show the memory of hops, and nothing else. */
export const testsMemory = ({ case: { role } }: CaseTrace): boolean => role === "memory" || role === "small-body";

/** Adds a facet for each kind of reader, in its last case, whose body was the largest. */
export const addMemory = ({ cases }: Trace, verdict: Verdict): void => {
  const tested = Map.groupBy(cases.filter(testsMemory), ({ case: { place } }) => place);
  for (const atPoint of tested.values()) for (const series of seriesIn(atPoint)) addSeries(series, verdict);
};

const addSeries = (series: Series, verdict: Verdict): void => {
  const { cases, hops } = series;
  const last = cases.at(-1) as CaseTrace;
  const { id } = last.case;
  const undecided = (why: string, more: { notChecked?: SampleProblem; byMachine?: true } = {}): void =>
    void verdict.inconclusive.push({ facet: "memory", case: id, why, ...more });
  if (!isWhole(last)) return undecided(`the response was not complete (client: ${last.clients[0]?.ended?.how ?? "not ended"})`);
  const observations = hops.map(({ hop, growth, problem }): HopObservation<Memory> =>
    growth === null || growth.state === "open"
      ? { hop, masked: true, why: problem === null ? "undecided" : wordsOf[problem] }
      : { hop, masked: false, observation: { member: growth.state, ...observed(series, hop) } },
  );
  const shown = pick(observations, ({ member }) => member === "grows");
  const open = hops.find(({ growth }) => growth?.state === "open");
  const unread = hops.find(({ problem }) => problem !== null);
  if (shown?.observation.member !== "grows") {
    if (open) return undecided(openWords(observed(series, open.hop), open), { byMachine: true });
    if (unread?.problem) return undecided(`not checked: ${unread.hop}: ${wordsOf[unread.problem]}`, { notChecked: unread.problem });
    if (!shown) return undecided("not checked: no hop of this chain was sampled", { notChecked: "processes-unknown" });
  }
  const observation = shown.observation.member === "grows" ? shown.observation : (mostOf(observations) ?? shown.observation);
  verdict.facets.push({
    facet: "memory",
    case: id,
    observation,
    culprit: observation.member === "grows" ? shown.hop : null,
    evidence: "",
    hops: observations,
  });
};

const observed = ({ reader, first, cases }: Series, hop: string): MemoryFigures => {
  const last = cases.at(-1) as CaseTrace;
  const of = ({ samples }: CaseTrace) => totalsOf(samples?.find((one) => one.hop === hop)?.memory ?? []);
  return { reader, bodyBytes: bodyBytesOf(last.case), idleKb: of(first).idleKb, peakKb: of(last).peakKb };
};

/** Of hops that are all bounded, the one that needed the most. */
const mostOf = (observations: readonly HopObservation<Memory>[]): Memory | null =>
  observations
    .flatMap((one) => (one.masked ? [] : [one.observation]))
    .toSorted((one, other) => other.peakKb - other.idleKb - (one.peakKb - one.idleKb))[0] ?? null;

const percent = (share: number | null): string => (share === null ? "unknown" : `${Math.round(100 * share)} %`);

const openWords = ({ bodyBytes }: Pick<MemoryFigures, "bodyBytes">, { hop, growth }: Series["hops"][number]): string =>
  `${hop} had ${percent(growth?.residentShare ?? null)} of a body of ${bodyBytes / 1_000_000} MB resident, and grew by ${percent(growth?.growthShare ?? null)} of what was added to it: neither bounded nor growing with it`;

const wordsOf = {
  "not-supported": "this platform has no figures of its memory",
  "not-permitted": "its memory may not be read, or its peak not be reset (/proc/PID/clear_refs): run as its user, or as root",
  "processes-unknown": "its processes are not known on this machine",
  "processes-changed": "some of its processes ended or began in the meantime",
} satisfies Record<SampleProblem, string>;
