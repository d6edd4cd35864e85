// A lock-step that is over at the first record that is not confirmed: it shows that a record is held, not what releases it. Pure.
import type { Case } from "./script.ts";
import type { CaseTrace, Trace } from "./trace.ts";

/** Where every record is confirmed, the case is the same as a whole one: the other steps are for records that are not. */
export const briefly = (trialCase: Case): Case => ({
  ...trialCase,
  script: { ...trialCase.script, steps: trialCase.script.steps.filter((step) => !("only" in step)) },
});

export const allConfirmed = ({ origin }: Pick<CaseTrace, "origin">): boolean =>
  origin.every(({ unacknowledged }) => unacknowledged === null);

export const isWhole = ({ cases }: Trace): boolean => cases.every(allConfirmed);
