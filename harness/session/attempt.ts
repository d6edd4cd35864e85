// One attempt at a scenario: it is measured, and reported on.
import type { ScenarioReport } from "../report/report.ts";
import { scenarioReport, unjudgedReport } from "../report/scenario-report.ts";
import type { Trace } from "../model/trace.ts";
import { isWhole } from "../model/briefly.ts";
import { measure } from "./measure.ts";
import type { Bench, Planned } from "./bench.ts";
import type { Death, Measured } from "./measure.ts";

/** How many second attempts run concurrently. */
export const calmly = 4;

export interface Job extends Planned, Pick<ScenarioReport, "file" | "reproduce"> {
  id: string;
}

export interface Result {
  report: ScenarioReport;
  trace: Trace | null;
  /** The hop whose end prevented a verdict, if one did. */
  death?: Death;
  /** It ended early, since it showed what was looked for: no further attempt is made. */
  isDecided?: true;
}

export const makeAttempt = async (job: Job, bench: Bench): Promise<Result> => {
  const measured = await measure(job, bench);
  try {
    return resultOf(job, measured);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { report: unjudgedReport(job, "harness-fault", why), trace: null };
  }
};

/** An attempt that is over as soon as a record is held; `left`: the ids of the cases that needed another attempt. Null where it shows neither
 *  what is enough nor all that a whole one would have shown. */
export const makeBriefAttempt = async (
  job: Job,
  bench: Bench,
  isEnough: (result: Result, left: readonly string[]) => boolean,
): Promise<Result | null> => {
  const measured = await measure(job, { ...bench, isBrief: true });
  if (measured.trace === null) return null;
  const { left = [] } = measured;
  try {
    const result = resultOf(job, measured);
    if (isWhole(measured.trace) && left.length === 0) return result;
    return isEnough(result, left) ? { ...result, isDecided: true } : null;
  } catch {
    // The whole one says what is wrong.
    return null;
  }
};

const resultOf = (job: Job, measured: Measured): Result => {
  if (measured.trace === null) {
    const { outcome, why, death } = measured;
    return { report: unjudgedReport(job, outcome, why), trace: null, ...(death ? { death } : {}) };
  }
  const { trace, verdict, tookMs } = measured;
  return { report: scenarioReport(job, trace, tookMs, verdict), trace };
};
