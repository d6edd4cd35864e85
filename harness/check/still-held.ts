// An experiment's trial ends as soon as its fault shows as a record that is held. What releases the record is known from the first run.
// Pure, but for what it is given to try with.
import { firstIdOf } from "../model/case-identity.ts";
import { toleranceOf } from "../model/judge/tolerance.ts";
import type { CaseTrace, Trace } from "../model/trace.ts";
import type { Facet } from "../model/verdict.ts";
import { allConfirmed, isWhole } from "../model/briefly.ts";
import type { Result } from "../session/attempt.ts";
import type { Check } from "./checks.ts";
import type { Route } from "./configuration.ts";
import { keyOf } from "./tried.ts";
import type { Asked, Held, Trying } from "./tried.ts";

/** Null where the rest of the trial may show more, or something else. `observed`: the facet's case. */
export const heldIn = (
  { facet, culprit }: Facet,
  firstId: string,
  { trial }: Check,
  observed: Pick<CaseTrace, "origin"> | undefined,
): Held | null => {
  if (facet !== "delivery" || culprit === null || (trial.kind !== "lock-step" && trial.kind !== "size-sweep")) return null;
  const isLong = observed !== undefined && !allConfirmed(observed);
  return { hop: culprit, case: firstId, ...(isLong ? { forLong: true as const } : {}) };
};

/** Whether the fault is there or gone beyond doubt, whatever the trial's other cases show. `left`: the cases that needed another attempt. Nothing
 *  else can be concluded from a case that is over: what would have come after the held record is not seen. */
export const isDecided = (held: Held, { report, trace }: Result, left: readonly string[]): boolean => {
  const observed = trace?.cases.find((one) => firstIdOf(one.case) === held.case);
  if (!trace || !observed) return false;
  const own = report.facets.filter((one) => one.facet === "delivery" && one.case === observed.case.id);
  // A record that was held for long and is now only a little late is no longer held. Lateness is looked into where no other case holds one.
  const isPassed = !left.includes(held.case) || (held.forLong === true && !isWhole(trace));
  if (allConfirmed(observed)) return isPassed && own.length > 0 && own.every(({ culprit }) => culprit === null);
  // The record passed the hop in time: the lab confirmed it late.
  if (own.some(({ culprit }) => culprit === null)) return false;
  return own.some(({ culprit }) => culprit === held.hop) || isPlainlyHeld(held, observed, trace);
};

/** The machine does not delay a record by this many times its tolerance. */
const plainly = 4;

/** Beyond doubt, even if it is one record; which of several hops holds it, only the judge can say. */
const isPlainlyHeld = ({ hop }: Held, { case: trialCase, origin }: CaseTrace, trace: Trace): boolean => {
  const patienceMs = trialCase.script.steps.find((step) => step.do === "lock-step")?.patienceMs ?? 0;
  const { worstMs, of } = toleranceOf(trace, trialCase);
  const isPlain = (at: number): boolean => plainly * Math.max(worstMs, of(hop, at - patienceMs, at)) < patienceMs;
  return trace.nodes.length === 3 && origin.some(({ unacknowledged }) => unacknowledged !== null && isPlain(unacknowledged.at));
};

/** A trial that shows the fault ends at once. */
export const untilHeld = (faults: readonly { route: Route; check: Check; held?: Held | null }[], trying: Trying): Trying => {
  const known = Map.groupBy(faults, keyOf);
  const untilOf = (one: Asked): Asked => {
    const [first, ...others] = known.get(keyOf(one)) ?? [];
    return first?.held && others.length === 0 ? { ...one, until: first.held } : one;
  };
  return (experiments) => trying(experiments.map((one) => ({ ...one, faults: one.faults.map(untilOf) })));
};
