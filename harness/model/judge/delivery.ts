// Delivery: were records late, and what released them. The first question alone decides whether something is wrong.
import { allConfirmed } from "../briefly.ts";
import { applicationNonce } from "../recording.ts";
import type { Delivery, HopObservation } from "../verdict.ts";
import type { CaseTrace, Exchange } from "../trace.ts";
import { gapTooNarrow } from "./gaps.ts";
import type { TooNarrow } from "./gaps.ts";
import { delayedBy, isBroad, isOnTime, isSeenEnough, passed } from "./lateness.ts";
import type { Degree, Delayed } from "./lateness.ts";
import { releasedByEnd } from "./release/by-end.ts";
import { releaseOf } from "./release/index.ts";
import { floodFrom, passagesOf } from "./release/passage.ts";
import type { Passage } from "./release/passage.ts";
import type { Tolerance } from "./tolerance.ts";
import type { HopView } from "./view.ts";
import { arrivals, endOf, median, overAt } from "./view.ts";

export type DeliveryObservation =
  | HopObservation<Delivery>
  /** What released the late records was identified; `delayed`: what is left of it if another attempt shows another cause. */
  | { hop: string; cause: Delivery; times: number; degree: Degree; isBroad: boolean; delayed: Delayed }
  | (TooNarrow & { hop: string })
  | { hop: string; degree: Degree; delayed: Delayed; wantsWiderGaps?: true };

export const judgeDelivery = (view: HopView, trialCase: CaseTrace, tolerance: Tolerance): DeliveryObservation | null => {
  const { hop, input, output } = view;
  if (!output?.response) return heldWhole(view, trialCase, tolerance);
  const why = cannotJudge(view);
  if (why !== null || !input) return why;

  const passages = passagesOf(view.hop, input, output, tolerance);
  if (passages.length < 2) return null;
  if (input.fidelity.kind === "altered" && passages.length < (trialCase.origin[0]?.writes.at(-1)?.records ?? 0))
    return { hop, masked: true, why: "its input was altered, so that records cannot be placed" };
  if (output.fidelity.kind === "altered" && passages.some(({ out }) => out === null))
    return { hop, inconclusive: "its output is altered, so that records cannot be placed" };
  const isLockStep = trialCase.case.script.steps.some((step) => step.do === "lock-step");
  const isConfirmed = isLockStep && allConfirmed(trialCase);
  const times = passages.map((passage) => passage.in);
  // In a confirmed lock-step each record waited for the previous one, however fast they came.
  if (!isConfirmed && arrivals(times, tolerance.baseMs) < 2) return { hop, masked: true, why: "its input arrived all at once" };

  // Records in flight when a timeout or an abort ended the stream belong to the ending facet.
  const isInTime = timeFor(view.hop, output, trialCase, tolerance);
  const judged = passages.filter(
    (passage) => passage.out !== null || (!endedEarly(output, trialCase, passage, passages) && isInTime(passage.in)),
  );
  const ordinary = judged.filter(({ index }) => index < floodFrom(trialCase));
  if (ordinary.length < 2) return null;
  const epsilonMs = median(ordinary.map((passage) => passage.epsilon));
  const seen = { hop, input, output, case: trialCase, tolerance, passages: judged, ordinary, epsilonMs, isConfirmed };
  if (isOnTime(ordinary, tolerance)) return passed(hop, ordinary, epsilonMs, isLockStep, isConfirmed);
  const delayed = delayedBy(hop, ordinary, epsilonMs);
  const found = isSeenEnough(ordinary) ? releaseOf(seen) : releasedByEnd(seen);
  const narrow = isConfirmed ? null : gapTooNarrow(seen, found?.cause ?? null);
  const wants = narrow?.wantsWiderGaps ? { wantsWiderGaps: true as const } : {};
  if (!found) return { ...delayed, ...wants };
  if (narrow === null) return { ...delayed, ...found, isBroad: isBroad(ordinary) };
  // A fault is a fault even if its cause is unknown.
  return delayed.degree === "shown" ? { ...delayed, ...wants } : { hop, ...narrow };
};

const cannotJudge = ({ hop, input, output }: HopView): DeliveryObservation | null => {
  if (!input?.response) return { hop, masked: true, why: "it received no response" };
  if (input.droppedBytes > 0 || (output?.droppedBytes ?? 0) > 0) return { hop, inconclusive: "more bytes passed than a tap keeps" };
  if (input.fidelity.kind === "foreign") return { hop, masked: true, why: "its input was not the origin's body" };
  if (output?.fidelity.kind === "foreign") return { hop, masked: true, why: "it answered with a body of its own" };
  return null;
};

/** An application sends no flood, and no other rule covers a client that received nothing, not even a header section. */
const heldWhole = ({ hop, input, output }: HopView, trialCase: CaseTrace, tolerance: Tolerance): DeliveryObservation | null => {
  if (!input?.response || !output || trialCase.origin[0]?.nonce !== applicationNonce || output.closings[0]?.by === "upstream") return null;
  const isInTime = timeFor(hop, output, trialCase, tolerance);
  const times = input.records.filter((at): at is number => at !== null && isInTime(at));
  const [first] = times;
  if (first === undefined || arrivals(times, tolerance.baseMs) < 2) return null;
  const heldForMs = overAt(output, trialCase) - first;
  return {
    hop,
    masked: false,
    observation: { member: "buffered", released: "never", atLeastBytes: input.contentBytes, flooded: false, heldForMs },
  };
};

/** Whether the input had time to leave. An application does not end before its client leaves: it may write at that moment, and go on writing
 *  to a hop that keeps the connection. */
const timeFor = (hop: string, output: Exchange, trialCase: CaseTrace, tolerance: Tolerance): ((at: number) => boolean) => {
  if (trialCase.origin[0]?.nonce !== applicationNonce) return () => true;
  const until = overAt(output, trialCase);
  return (at) => until - at > tolerance.of(hop, at, until);
};

const endedEarly = (output: Exchange, trialCase: CaseTrace, passage: Passage, all: readonly Passage[]): boolean => {
  const lastOut = all.findLast(({ out }) => out !== null);
  // If the stream ended as soon as it came in, nothing had time to leave.
  if (lastOut === undefined) return endOf(output, trialCase) - passage.in <= passage.epsilon;
  return passage.index > lastOut.index && output.end.at - passage.in <= 4 * passage.epsilon;
};
