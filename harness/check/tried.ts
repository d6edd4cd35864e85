// The result of an experiment: what ran, what the server refused, or why it could not run, which is never evidence. Pure.
import type { Result } from "../session/attempt.ts";
import type { Line, ExperimentNotRun } from "../report/check-report.ts";
import type { Check } from "./checks.ts";
import type { Edit, Route } from "./configuration.ts";

/** A record of a lock-step is held by this hop. */
export interface Held {
  hop: string;
  /** The id of the case's first attempt. */
  case: string;
  /** For longer than the client waits for a record in lock-step. */
  forLong?: true;
}

/** A trial to run. `until`: it is over as soon as this fault shows. */
export interface Asked {
  route: Route;
  check: Check;
  until?: Held;
}

/** A check may have the id of another, and ask for other headers. */
export const keyOf = ({ route, check }: Asked): string => `${route.id} ${JSON.stringify(check)}`;

export interface Experiment {
  edits: Edit[];
  faults: Asked[];
  /** What it is to find out: reported where it cannot run. */
  about?: Subject[];
  /** Trials run again, of routes whose responses the server does not keep. */
  isRepetition?: boolean;
}

/** On the server that has the configuration as given: it runs already. */
export const usesRunningServer = ({ edits, faults, isRepetition = false }: Experiment): boolean =>
  isRepetition && edits.length === 0 && !faults.some(({ check }) => check.isCrowd || check.hasOwnServer);

export type Subject = Pick<ExperimentNotRun, "experiment" | "route" | "what" | "at">;

/** What was seen, one result per trial. */
export type Trials = { route: Route; check: Check; result: Result }[];

/** The server does not take the changed configuration. */
export interface Refusal {
  /** In its own words. */
  says: string;
  at: Pick<Line, "file" | "line"> | null;
}

export type Problem = Pick<ExperimentNotRun, "reason" | "why">;

export type Tried = { ran: Trials } | { rejected: Refusal } | { notRun: Problem };

/** Runs experiments at the same time; answers in the same order. */
export type Trying = (experiments: readonly Experiment[]) => Promise<Tried[]>;

/** Null where nothing ran. */
export const ranIn = (tried: Tried | undefined): Trials | null => (tried && "ran" in tried ? tried.ran : null);

export const trialIn = (trials: Trials, { route, check }: { route: Route; check: Check }): Trials[number] | undefined =>
  trials.find((one) => one.route.id === route.id && one.check.id === check.id);

/** Why a trial did not run; null where it ran, or was not requested. */
export const notRunIn = (tried: Tried | undefined, of: { route: Route; check: Check }): Problem | null => {
  if (!tried || "rejected" in tried) return null;
  if ("notRun" in tried) return tried.notRun;
  const report = trialIn(tried.ran, of)?.result.report;
  return report?.outcome === "harness-fault" ? { reason: "trial-not-run", why: report.why } : null;
};

/** Why something outside of Hopwise failed. Mistakes of Hopwise itself are thrown: they must not pass for a fault of the engine. */
export const whyOf = (error: unknown): string => {
  if (error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError || !(error instanceof Error))
    throw error;
  return error.message;
};

/** Keeps what could not run. */
export const noting =
  (trying: Trying, experimentsNotRun: ExperimentNotRun[]): Trying =>
  async (experiments) => {
    const all = await trying(experiments);
    for (const [index, { about = [] }] of experiments.entries()) {
      const tried = all[index];
      if (tried && "notRun" in tried) experimentsNotRun.push(...about.map((subject) => ({ ...subject, ...tried.notRun })));
    }
    return all;
  };
