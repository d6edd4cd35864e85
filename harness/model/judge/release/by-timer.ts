// `timer q`: pending bytes leave a constant time after the first of them, and the origin's gaps are no multiples of it.
import { median } from "../view.ts";
import { lastInputBy } from "./passage.ts";
import type { Passage } from "./passage.ts";
import type { Release } from "./release.ts";

interface Wait {
  ms: number;
  /** When it was over. */
  at: number;
}

/** How long the first record of each release had waited; null if one never left. */
const waitsOf = (passages: readonly Passage[]): Wait[] | null => {
  const waits: Wait[] = [];
  for (const { in: came, out } of passages) {
    if (out === null) return null;
    // Records that arrived before a release leave with it; later ones start a wait of their own.
    const released = waits.at(-1)?.at ?? -Infinity;
    if (came >= released || out > released + 1) waits.push({ ms: out - came, at: out });
  }
  return waits;
};

/** A timer delays every first pending byte: if more than one in ten leaves immediately, there is no timer. */
const mostAtOnce = 1 / 10;
/** The jitter of a timer, in addition to ε. */
const accuracy = 1 / 20;
/** On a busy machine ε may be so long that random waits agree, too: the waits of a timer agree to this share of it. */
const mostTolerated = 1 / 10;

export const releasedByTimer: Release = ({ hop, input, passages, case: trialCase, epsilonMs, tolerance }) => {
  const all = waitsOf(passages);
  if (all === null || all.length < 2) return null;
  // A release at the moment of an input was caused by it.
  const byInput = all.filter(({ ms, at }) => {
    const inputAt = lastInputBy(input, at);
    return at - inputAt <= tolerance.of(hop, inputAt, at) && ms > at - inputAt + epsilonMs;
  });
  if (byInput.length > all.length / 2) return null;
  const waits = all.map(({ ms }) => ms);
  const timerMs = median(waits);
  const spread = median(waits.map((wait) => Math.abs(wait - timerMs)));
  if (timerMs <= epsilonMs) return null;
  const tolerated = Math.max(accuracy * timerMs, Math.min(epsilonMs, mostTolerated * timerMs));
  if (spread > tolerated) return null;
  if (waits.filter((wait) => wait < timerMs / 2).length > Math.max(1, mostAtOnce * waits.length)) return null;
  const off = waits.filter((wait) => Math.abs(wait - timerMs) > 2 * tolerated).length;
  if (off > waits.length / 5) return null;
  const early = waits.filter((wait) => wait < timerMs - accuracy * timerMs - tolerance.baseMs).length;
  if (early > Math.max(1, mostAtOnce * waits.length)) return null;
  const gaps = trialCase.case.script.steps.flatMap((step) => (step.do === "write" && step.records > 2 ? [step.everyMs] : []));
  const ambiguous =
    gaps.length > 0 && gaps.every((gap) => Math.abs(gap / timerMs - Math.round(gap / timerMs)) < 0.1 && gap >= timerMs * 0.9);
  const onlyPaced = !trialCase.case.script.steps.some((step) => step.do === "lock-step");
  return onlyPaced && ambiguous ? null : { cause: { member: "batched", by: "timer", timerMs }, times: waits.length - off };
};
