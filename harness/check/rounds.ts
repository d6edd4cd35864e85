// Trials run concurrently first. What was inconclusive because the machine was busy, or could not run, gets a second attempt with less
// beside it. What was refused or delayed runs alone, since the other trials may be the reason.
import { step } from "../progress.ts";
import type { OnProgress } from "../progress.ts";
import { now } from "../lab/clock.ts";
import { calmly } from "../session/attempt.ts";
import { isLeftOpenByMachine } from "../model/outcome.ts";
import type { Disturbance } from "../model/crowd.ts";
import { partsOf } from "./parts.ts";
import type { Part, Observed, Turn } from "./parts.ts";
import { scenarioOf } from "./scenario.ts";

/** `isAlone`: a trial's requests come one after the other. Once it is over, nothing more is begun. */
export interface Manner {
  isAlone?: boolean;
  isOver?: () => boolean;
}

/** Runs parts, some concurrently. */
export type RunParts = (
  parts: readonly Part[],
  most: number,
  onDone: (result: Observed, index: number) => void,
  manner?: Manner,
) => Promise<void>;

export interface Rounds {
  onAttempt: (turn: Turn, attempt: number, result: Observed) => void;
  onDone: (result: Observed, turn: Turn) => void;
  onProgress: OnProgress;
  disturbances: (turn: Turn, result: Observed) => Disturbance[];
  isOver: () => boolean;
}

/** On all servers together; at-once.ts has the limit for one. Most trials only wait, or are over after a second. */
const mostAtOnce = 48;
/** For how long trials are started alone. */
const mostMs = 120_000;
/** How many servers are started for them concurrently. */
const mostServers = 8;

const isNotRun = ({ report, trace }: Observed): boolean => report.outcome === "harness-fault" && trace === null;

/** A fault that was seen is one, whatever else was not. */
const isOpen = ({ route, check }: Turn, { report, isDecided }: Observed): boolean =>
  isDecided !== true && report.outcome === "inconclusive" && isLeftOpenByMachine(scenarioOf(route, check), report);

export const runInRounds = async (turns: readonly Turn[], runParts: RunParts, rounds: Rounds): Promise<Observed[]> => {
  const results: Observed[] = [];
  await runParts(partsOf(turns), mostAtOnce, (result, index) => {
    const turn = turns[index] as Turn;
    results[index] = result;
    rounds.onAttempt(turn, 1, result);
    rounds.onDone(result, turn);
  });
  if (!rounds.isOver()) await runOpen(turns, results, runParts, rounds);
  if (!rounds.isOver()) await runAlone(turns, results, runParts, rounds);
  return results;
};

/** In place. */
const runOpen = async (
  turns: readonly Turn[],
  results: Observed[],
  runParts: RunParts,
  { onAttempt, onProgress, disturbances, isOver }: Rounds,
): Promise<void> => {
  const open = turns.flatMap((turn, index) => {
    const result = results[index] as Observed;
    return isNotRun(result) || (isOpen(turn, result) && disturbances(turn, result).length === 0) ? [index] : [];
  });
  if (open.length === 0) return;
  const why = open.some((index) => isNotRun(results[index] as Observed)) ? "they could not run" : "the machine was too busy to judge them";
  onProgress(step(`running a second attempt of ${open.length} of ${turns.length} trials, at most ${calmly} concurrently: ${why}`));
  await runParts(partsOf(turns, open), calmly, (second, index) => {
    onAttempt(turns[index] as Turn, 2, second);
    const wasNotRun = isNotRun(results[index] as Observed);
    if (isOver() || (isNotRun(second) && !wasNotRun)) return;
    results[index] = wasNotRun ? second : { ...second, report: { ...second.report, attempts: 2 } };
  });
};

/** In place. Each on a server of its own, so that some can run concurrently. */
const runAlone = async (
  turns: readonly Turn[],
  results: Observed[],
  runParts: RunParts,
  { onAttempt, onProgress, disturbances, isOver }: Rounds,
): Promise<void> => {
  const beside = new Map<number, Disturbance>();
  for (const [index, turn] of turns.entries()) {
    const [first] = disturbances(turn, results[index] as Observed);
    if (first) beside.set(index, first);
  }
  if (beside.size === 0) return;
  onProgress(step(`running ${beside.size} of ${turns.length} trials alone: beside others they were refused or delayed`));
  const open = new Set(beside.keys());
  const until = now() + mostMs;
  const manner: Manner = { isAlone: true, isOver: () => isOver() || now() > until };
  const onDone = (second: Observed, index: number): void => {
    const turn = turns[index] as Turn;
    onAttempt(turn, 3, second);
    if (isOver() || isNotRun(second)) return;
    open.delete(index);
    const alone = disturbances(turn, second)[0] ?? null;
    results[index] = { ...second, crowded: { beside: beside.get(index) as Disturbance, alone } };
  };
  const parts = [...open].flatMap((index) => partsOf(turns, [index]).map((part) => ({ ...part, isApart: true })));
  while (parts.length > 0 && manner.isOver?.() === false)
    // oxlint-disable-next-line no-await-in-loop
    await runParts(parts.splice(0, mostServers), calmly, onDone, manner);
  for (const index of open) results[index] = notRepeated(results[index] as Observed, beside.get(index) as Disturbance);
};

/** It proves nothing about the server: the other trials may be the reason. */
const notRepeated = (observed: Observed, beside: Disturbance): Observed => ({
  ...unjudged(observed, "harness-fault", `${sentenceOf(beside)} while other trials ran beside it, and it could not be repeated alone`),
  crowded: { beside, alone: "not-repeated" },
});

export const sentenceOf = ({ case: trialCase, status, delayMs }: Disturbance): string =>
  status === null
    ? `its request in ${trialCase} was delayed by ${Math.round(delayMs)} ms`
    : `its request in ${trialCase} was answered with ${status}`;

/** What was seen is kept in the trace, and nothing is concluded from it. */
export const unjudged = <T extends Pick<Observed, "report">>(observed: T, outcome: "harness-fault" | "inconclusive", why: string): T => ({
  ...observed,
  report: {
    ...observed.report,
    outcome,
    headline: "not-judged",
    culprit: null,
    decisive: null,
    why,
    facets: [],
    inconclusive: [],
    limits: [],
    conditions: [],
  },
});
