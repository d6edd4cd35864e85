// How late the ordinary records of one attempt are, and how much that shows. Pure.
import type { Delivery, HopObservation } from "../verdict.ts";
import type { Passage } from "./release/passage.ts";
import type { Tolerance } from "./tolerance.ts";
import { median, ms } from "./view.ts";

/** How much one attempt shows. `shown`: enough records are late beyond doubt; `hint`: too few; `doubtful`: none. */
export type Degree = "shown" | "hint" | "doubtful";
export type Delayed = Extract<Delivery, { member: "delayed" }>;

/** If one rule explains every second record, the machine is not the cause. */
export const isBroad = (ordinary: readonly Passage[]): boolean => ordinary.filter((passage) => passage.late).length >= ordinary.length / 2;

/** One record shows no cause, except the end of the upstream: the machine may delay a single record, too. */
export const isSeenEnough = (ordinary: readonly Passage[]): boolean => {
  const late = ordinary.filter((passage) => passage.late);
  return late.length >= leastRecords && late.length >= ordinary.length / oneIn;
};

/** One record in eight may be late, if it is no later than the control's worst. */
const oneIn = 8;

/** All records are within ε except a few that are no later than the control's worst in the same window. */
export const isOnTime = (ordinary: readonly Passage[], { worstMs }: Tolerance): boolean => {
  const late = ordinary.filter((passage) => passage.late);
  return late.length <= Math.max(1, ordinary.length / oneIn) && late.every(({ out, heldMs }) => out !== null && heldMs <= worstMs);
};

export const passed = (
  hop: string,
  ordinary: readonly Passage[],
  epsilonMs: number,
  isLockStep: boolean,
  isConfirmed: boolean,
): HopObservation<Delivery> | { hop: string; inconclusive: string; byMachine: true } => {
  const lags = ordinary.map(({ in: came, out }) => (out ?? Infinity) - came).filter(Number.isFinite);
  const why = bluntLag(median(lags)) ?? bluntHolds(ordinary) ?? (isConfirmed ? null : bluntGap(ordinary, epsilonMs));
  if (why !== null) return { hop, inconclusive: why, byMachine: true };
  return {
    hop,
    masked: false,
    observation: {
      member: "incremental",
      medianLagMs: median(lags),
      worstLagMs: Math.max(...lags),
      unexplained: ordinary.filter(({ late }) => late).length,
      by: isLockStep ? "lock-step" : "paced",
    },
  };
};

/** If half of all records are this late, the stream is not prompt, whatever the state of the machine. */
const plainLagMs = 50;

const bluntLag = (lagMs: number): string | null =>
  lagMs > plainLagMs ? `half of its records were at least ${ms(lagMs)} late, which the machine may have caused` : null;

/** A hold of 100 ms must never pass; the lab may read what comes in a little late. */
const shownHoldMs = 75;

/** As many records as would show a fault were held for as long as a fault holds them: on such a machine neither is shown. */
const bluntHolds = (ordinary: readonly Passage[]): string | null => {
  const held = ordinary.filter(({ heldMs }) => heldMs > shownHoldMs).length;
  return held >= leastRecords && held >= ordinary.length / oneIn
    ? `${held} of its ${ordinary.length} records were more than ${ms(shownHoldMs)} late, which the machine may have caused`
    : null;
};

/** A hold of one record lasts as long as the gap after it: it is visible only if ε is shorter. */
const bluntGap = (judged: readonly Passage[], epsilonMs: number): string | null => {
  const gaps = judged.slice(1).map(({ in: at }, index) => at - (judged[index]?.in ?? at));
  return gaps.every((gap) => gap <= epsilonMs)
    ? `its records arrived at most ${ms(Math.max(...gaps))} apart, and the machine may delay each by ${ms(epsilonMs)}`
    : null;
};

/** At least two records, and at least one in eight, are late beyond doubt. */
const leastRecords = 2;

export const delayedBy = (
  hop: string,
  ordinary: readonly Passage[],
  epsilonMs: number,
): { hop: string; degree: Degree; delayed: Delayed } => {
  const late = ordinary.filter((passage) => passage.late);
  const beyond = ordinary.filter((passage) => passage.beyondDoubt);
  const isShown = beyond.length >= leastRecords && beyond.length >= ordinary.length / oneIn;
  const shown = beyond.length > 0 ? beyond : late;
  return {
    hop,
    degree: isShown ? "shown" : beyond.length > 0 ? "hint" : "doubtful",
    delayed: {
      member: "delayed",
      late: shown.length,
      of: ordinary.length,
      records: shown.map(({ index, heldMs }) => ({ record: index, heldMs })),
      medianMs: median(shown.map(({ heldMs }) => heldMs)),
      worstMs: Math.max(...shown.map(({ heldMs }) => heldMs)),
      epsilonMs,
      attempts: 1,
    },
  };
};
