// One attempt at a scenario: it is measured, and reported on.
import type { ScenarioReport } from "../report/report.ts";
import { scenarioReport, unjudgedReport } from "../report/scenario-report.ts";
import type { Trace } from "../model/trace.ts";
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

const resultOf = (job: Job, measured: Measured): Result => {
  if (measured.trace === null) {
    const { outcome, why, death } = measured;
    return { report: unjudgedReport(job, outcome, why), trace: null, ...(death ? { death } : {}) };
  }
  const { trace, verdict, tookMs } = measured;
  return { report: scenarioReport(job, trace, tookMs, verdict), trace };
};
