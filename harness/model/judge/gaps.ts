// Whether the gaps at a hop's input are wide enough to show a release cause. Pure.
import { applicationNonce } from "../recording.ts";
import type { Exchange } from "../trace.ts";
import type { Delivery } from "../verdict.ts";
import type { Seen } from "./release/release.ts";
import { leastEpsilonMs } from "./tolerance.ts";
import { median } from "./view.ts";

export interface TooNarrow {
  inconclusive: string;
  /** Too narrow for this machine. */
  byMachine?: true;
  /** Another attempt has wider ones: its gaps follow from the ε that was seen. */
  wantsWiderGaps?: true;
}

/** Null if the gaps at the hop's own input are wide enough to distinguish causes. A hold until the end shows by its length, and a rate by
 *  how the bytes drain. */
export const gapTooNarrow = ({ input, output, case: trialCase, tolerance }: Seen, cause: Delivery | null): TooNarrow | null => {
  if (cause?.member === "throttled" || heldByCauseMs(cause, input, output) >= 20 * tolerance.baseMs) return null;
  const isApplication = trialCase.origin[0]?.nonce === applicationNonce;
  const { recordBytes } = trialCase.case.script.body;
  const largest = isApplication ? Infinity : (recordBytes[0] ?? 0);
  const all = input.records.flatMap((at, index) => (at !== null && (recordBytes[index] ?? 0) <= largest ? [at] : []));
  // One write of an application may be several records, and what waited for the end of a lock-step's patience comes together.
  const times = all.filter((at, index) => at - (all[index - 1] ?? -Infinity) > tolerance.baseMs);
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
  // A script has two gaps, and a cause is one that shows at both.
  const gapMs = isApplication ? median(gaps) : lowerQuartile(gaps);
  if (gapMs >= 4 * tolerance.baseMs) return null;
  const why = `the gap of ${Math.round(gapMs)} ms at its input is under four times ε (${Math.round(tolerance.baseMs)} ms)`;
  // Too narrow on any machine.
  if (gapMs < 4 * leastEpsilonMs) return { inconclusive: why };
  return { inconclusive: why, byMachine: true, ...(trialCase.case.fitsMachine ? { wantsWiderGaps: true } : {}) };
};

const lowerQuartile = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 2] ?? 0;

/** How long a hop held until an end or a byte count; 0 where only gaps can show it. */
const heldByCauseMs = (cause: Delivery | null, input: Exchange, output: Exchange): number => {
  if (cause?.member === "buffered") return cause.heldForMs;
  if (cause?.member !== "batched" || cause.by !== "bytes") return 0;
  // The first record of a lock-step waits for the client's patience, which is no gap.
  const [, second] = input.records.filter((at) => at !== null);
  const released = output.progress[0]?.[0];
  return second === undefined || released === undefined ? 0 : released - second;
};
