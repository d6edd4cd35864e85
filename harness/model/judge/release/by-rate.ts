// `rate r`: bytes leave at a steady rate, however many are pending and whether or not more arrive.
import type { Exchange } from "../../trace.ts";
import { bytesBy, median } from "../view.ts";
import { explainedShare } from "./release.ts";
import { lastInputBy } from "./passage.ts";
import type { Release, Seen } from "./release.ts";

interface Rate {
  bytesPerSecond: number;
  /** How many records or reads lie on it. */
  times: number;
}

type Read = readonly [at: number, bytes: number];

const tolerated = 0.1;
/** How far a single pause may deviate. */
const unevenness = 0.25;
/** A steady rate shows over at least this time. Bursts of one second's worth are allowed. */
const leastWindowMs = 2000;
const longestBurstMs = 1000;
const leastBursts = 4;
/** The input of the two halves of a rate differs by at least this share of it. */
const leastDifference = 0.3;
/** Fewer reads are lumps, not a rate. */
const leastReads = 4;

export const releasedByRate: Release = (seen) => {
  const rate = rateOfSizes(seen) ?? busyRate(seen);
  return rate === null || !explains(rate.bytesPerSecond, seen)
    ? null
    : { cause: { member: "throttled", bytesPerSecond: Math.round(rate.bytesPerSecond) }, times: rate.times };
};

/** How long a record waits for the bytes pending before it, at this rate. Where they take a small part of that time, it waits for something
 *  else. */
const explains = (bytesPerSecond: number, { input, ordinary }: Seen): boolean => {
  const late = ordinary.filter((passage) => passage.late);
  const explained = late.filter(({ in: at, heldMs, epsilon }) => {
    const waitMs = queuedMs(input, at, bytesPerSecond);
    return heldMs <= (1 + 2 * tolerated) * waitMs + 2 * epsilon && waitMs >= heldMs / 2;
  });
  return explained.length >= explainedShare * late.length;
};

/** How long it takes at a rate until all bytes that had arrived by a moment are out. */
const queuedMs = (input: Exchange, until: number, bytesPerSecond: number): number => {
  let queued = 0;
  let before: readonly [at: number, bytes: number] = [-Infinity, 0];
  for (const [at, bytes] of input.progress) {
    if (at > until) break;
    queued = Math.max(0, queued - (at - before[0]) * (bytesPerSecond / 1000)) + bytes - before[1];
    before = [at, bytes];
  }
  return (1000 * queued) / bytesPerSecond;
};

/** Records that arrive alone take a time proportional to their size, each of them: two medians are soon in proportion by chance. */
const rateOfSizes = ({ ordinary, case: trialCase }: Seen): Rate | null => {
  const sizes = trialCase.case.script.body.recordBytes;
  const alone = ordinary.filter(({ in: at, out }, index) => out !== null && (ordinary[index - 1]?.out ?? -Infinity) <= at);
  const ofSizes = [...Map.groupBy(alone, ({ index }) => sizes[index] ?? 0)].flatMap(([size, ofSize]) =>
    ofSize.length < 3 || size === 0 ? [] : [{ size, heldMs: median(ofSize.map(({ heldMs }) => heldMs)) }],
  );
  const [large, small] = ofSizes.toSorted((a, b) => b.size - a.size);
  if (!large || !small || large.size < 1.5 * small.size || large.heldMs < 8) return null;
  const ratio = large.heldMs / small.heldMs / (large.size / small.size);
  // Every hop adds a little.
  if (Math.abs(ratio - 1) > 1.5 * tolerated) return null;
  const msPerByte = large.heldMs / large.size;
  const inProportion = alone.filter(({ index, heldMs, epsilon }) => {
    const expectedMs = msPerByte * (sizes[index] ?? 0);
    return Math.abs(heldMs - expectedMs) <= Math.max(epsilon, unevenness * expectedMs);
  });
  return inProportion.length >= explainedShare * alone.length ? { bytesPerSecond: 1000 / msPerByte, times: inProportion.length } : null;
};

/** The rate over a time in which bytes were always pending, whether much or little arrived; null if there is none. */
const busyRate = ({ hop, input, output, tolerance }: Seen): Rate | null => {
  for (const { from, to } of busyTimes(input, output)) {
    const reads = output.progress.filter(([at]) => at > from && at <= to);
    // A release at the moment of an input was caused by it.
    const byInput = reads.filter(([at]) => at - lastInputBy(input, at) <= tolerance.of(hop, lastInputBy(input, at), at));
    const bytesPerSecond = byInput.length > reads.length / 2 ? null : steadyRate(reads, bytesBy(output, from), tolerance.baseMs);
    // Input that arrived as steadily as it left was merely passed on.
    const middle = (from + to) / 2;
    const inputPerMs = (since: number, until: number): number => (bytesBy(input, until) - bytesBy(input, since - 1)) / (until - since);
    const isUneven = (perMs: number): boolean => Math.abs(inputPerMs(from, middle) - inputPerMs(middle, to)) > leastDifference * perMs;
    if (bytesPerSecond !== null && isUneven(bytesPerSecond / 1000)) return { bytesPerSecond, times: reads.length };
  }
  return null;
};

/** The times in which bytes were pending. */
const busyTimes = (input: Exchange, output: Exchange): { from: number; to: number }[] => {
  const times: { from: number; to: number }[] = [];
  for (const [at] of input.progress) {
    if (at <= (times.at(-1)?.to ?? -Infinity)) continue;
    const to =
      output.progress.find(([left, bytes]) => left >= at && bytes >= bytesBy(input, left))?.[0] ?? output.progress.at(-1)?.[0] ?? at;
    if (to - at >= leastWindowMs) times.push({ from: at, to });
  }
  return times;
};

/** Bytes per second of what left in bursts, or without a pause. */
const steadyRate = (pieces: readonly Read[], before: number, epsilonMs: number): number | null => {
  // Reads within ε of each other left together.
  const bursts = pieces.filter((_, index) => pauseAfter(pieces, index) > epsilonMs);
  if (bursts.length >= leastReads) return rateOf(bursts, before, epsilonMs);
  // One stream, but for a pause that the machine may have made: it is looked at every two ε.
  return rateOf(apart(pieces, 2 * epsilonMs), before, epsilonMs);
};

const pauseAfter = (reads: readonly Read[], index: number): number => (reads[index + 1]?.[0] ?? Infinity) - (reads[index]?.[0] ?? 0);

const apart = (pieces: readonly Read[], leastMs: number): Read[] => {
  const kept: Read[] = [];
  for (const piece of pieces) if (piece[0] - (kept.at(-1)?.[0] ?? -Infinity) >= leastMs) kept.push(piece);
  return kept;
};

/** Bytes per second if each read lies on one line, within the longest time between two reads, which is a second at most. */
const rateOf = (reads: readonly Read[], before: number, epsilonMs: number): number | null => {
  const [first, last] = [reads[0], reads.at(-1)];
  if (!first || !last || reads.length < leastReads) return null;
  const lastedMs = last[0] - first[0];
  const burstMs = Math.max(...reads.slice(1).map(([at], index) => at - (reads[index]?.[0] ?? at)));
  if (burstMs > (1 + tolerated) * longestBurstMs || lastedMs < Math.max(leastWindowMs, leastBursts * burstMs)) return null;
  const perMs = (last[1] - first[1]) / lastedMs;
  if (perMs <= 0 || first[1] < before) return null;
  const isOnLine = reads.every(([at, bytes]) => {
    const expected = perMs * (at - first[0]);
    return Math.abs(bytes - first[1] - expected) <= Math.max(tolerated * expected, (1 + tolerated) * perMs * burstMs);
  });
  return isOnLine && isEven(reads, perMs, epsilonMs) ? 1000 * perMs : null;
};

/** Each pause is followed by the bytes that waited for it. */
const isEven = (reads: readonly Read[], perMs: number, epsilonMs: number): boolean => {
  const pauses = reads.slice(1).map(([at, bytes], index) => {
    const [before, had] = reads[index] ?? [at, bytes];
    return { ms: at - before, bytes: bytes - had };
  });
  const even = pauses.filter(({ ms, bytes }) => Math.abs(bytes - perMs * ms) <= perMs * Math.max(epsilonMs, unevenness * ms));
  return even.length >= explainedShare * pauses.length;
};
