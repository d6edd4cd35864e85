// `bytes Q`: the hop always holds less than it releases; both are counted in content bytes, whatever the sizes of the records.
import type { Exchange } from "../../trace.ts";
import { arrivals, bytesBy } from "../view.ts";
import { floodFrom, lastInputBy } from "./passage.ts";
import type { Found, Release, Seen } from "./release.ts";

interface Held {
  /** The most that was held when a record had had time to leave. */
  mostKept: number;
  /** The most that was held when the input came with which a release began. */
  keptBefore: number;
  /** How many looks at what was held, and releases at an input, agree. */
  times: number;
  /** The pending bytes at each release. */
  pending: number[];
}

/** Null if something other than a byte count releases records. */
const heldByBytes = ({ hop, input, output, passages, tolerance }: Seen): Held | null => {
  let mostKept = 0;
  let looks = 0;
  for (const passage of passages) {
    const settled = passage.in + passage.epsilon;
    // The first byte of the next input, not its last: a large record takes long to arrive.
    const next = firstInputAfter(input, passage.in);
    if (next < settled) continue;
    if (input.end.kind !== "open" && settled >= input.end.at) continue;
    // It takes long to leave, too: what leaves before anything else arrives was not kept.
    const end = input.end.kind === "open" ? Infinity : input.end.at;
    const until = next === Infinity && end === Infinity ? settled : Math.min(next, end) - 0.001;
    const kept = bytesBy(input, passage.in) - bytesBy(output, until);
    if (kept > 0) looks++;
    mostKept = Math.max(mostKept, kept);
  }
  const pending: number[] = [];
  let keptBefore = 0;
  let byItself = 0;
  let atInput = 0;
  let before = 0;
  let lastRelease = -Infinity;
  let byItselfAfter = -Infinity;
  for (const [at, bytes] of output.progress) {
    if (input.end.kind !== "open" && at >= input.end.at) break;
    const inputAt = lastInputBy(input, at);
    const epsilon = tolerance.of(hop, inputAt, at);
    const isNew = at - lastRelease > tolerance.baseMs;
    // A byte count releases records when bytes arrive; a release between two inputs came from a timer or a rate, and so did one that goes on
    // long after its input.
    if (at - inputAt > epsilon && (isNew || inputAt > byItselfAfter)) {
      byItself++;
      byItselfAfter = inputAt;
    }
    // One release may be read in several pieces: the pending bytes at its beginning count.
    if (isNew) {
      // Inputs that come as fast as ε, as those of the flood do, leave no room between them: a release there shows neither.
      if (at - inputAt <= epsilon && firstInputAfter(input, at) - inputAt > 2 * epsilon) atInput++;
      const arrived = bytesBy(input, inputAt - 0.001);
      // What was there before this input had not been enough.
      if (inputAt - lastInputBy(input, inputAt - 0.001) > 4 * tolerance.baseMs) keptBefore = Math.max(keptBefore, arrived - before);
      pending.push(bytesBy(input, at) - before);
    }
    lastRelease = at;
    before = bytes;
  }
  // A byte count holds a record until a later one arrives; a record that is merely late leaves before.
  const heldOver = passages.filter((passage, index) => {
    const next = passages[index + 1]?.in ?? Infinity;
    return next - passage.in >= 4 * tolerance.baseMs && next <= (passage.out ?? Infinity);
  }).length;
  return heldOver < 2 || pending.length === 0 || mostKept === 0 || byItself > (byItself + atInput) / 4
    ? null
    : { mostKept, keptBefore, times: atInput === 0 ? 0 : looks + atInput - 1, pending };
};

const batched = (atLeastBytes: number, atMostBytes: number, times: number): Found => ({
  cause: { member: "batched", by: "bytes", atLeastBytes, atMostBytes },
  times,
});

const firstInputAfter = (input: Exchange, at: number): number => input.progress.find(([time]) => time > at)?.[0] ?? Infinity;

/** The interval from the most held to the least released agrees at all sizes. */
export const releasedByBytes: Release = (seen) => {
  const held = heldByBytes(seen);
  if (!held || held.pending.length < 2) return null;
  const least = Math.min(...held.pending);
  return held.mostKept < least && held.keptBefore < least ? batched(held.mostKept, least, held.times) : null;
};

/** The flood doubles its writes, so that it shows a quantum only to a factor of two; that of a compressor varies with its input, and that of
 *  a server's buffers with how much comes at once. */
export const releasedByBytesRoughly: Release = (seen) => {
  const held = heldByBytes(seen);
  const { mostKept = 0, pending = [], times = 0 } = held ?? {};
  const least = Math.min(...pending);
  if (held && mostKept >= leastKept && pending.length >= 2 && mostKept <= 2 * least)
    return batched(mostKept, Math.max(least, mostKept), times);
  if (!isCoded(seen)) return beforeFlood(seen);
  const most = Math.max(...pending);
  return held && mostKept >= leastKept && least > 0 && mostKept <= 64 * least && pending.length <= seen.passages.length / 2
    ? batched(Math.min(mostKept, most), Math.max(mostKept, most), times)
    : null;
};

/** Fewer bytes are a few records. */
const leastKept = 512;

const isCoded = ({ output }: Seen): boolean =>
  output.response?.headers.some(([name]) => name.toLowerCase() === "content-encoding") ?? false;

/** What the records of ordinary size show, with the first large one that releases them. */
const beforeFlood = (seen: Seen): Found | null => {
  const { input, output, ordinary, case: trialCase } = seen;
  const floodAt = input.records[floodFrom(trialCase)] ?? null;
  if (floodAt === null) return null;
  const until = firstInputAfter(input, floodAt);
  const before = { ...output, progress: output.progress.filter(([at]) => at < until) };
  const held = heldByBytes({ ...seen, passages: ordinary, output: before });
  if (!held || held.pending.length < 2) return null;
  const [most, least] = [Math.max(held.mostKept, held.keptBefore), Math.min(...held.pending)];
  return most < least && (most >= leastKept || held.pending.length > 2) ? batched(most, least, held.times) : null;
};

/** Only a first block of bytes is held: several inputs leave together with the bytes that fill it. */
export const releasedOnce: Release = ({ hop, input, output, passages, tolerance }) => {
  const [firstAt] = output.progress[0] ?? [];
  if (firstAt === undefined) return null;
  const held = passages.filter((passage) => passage.late);
  const waits = passages.filter((passage) => passage.in < firstAt - tolerance.baseMs);
  const filledAt = lastInputBy(input, firstAt);
  const times = waits.map((passage) => passage.in);
  const waited = arrivals(times, tolerance.baseMs);
  if (waited < 3 || firstAt - filledAt > tolerance.of(hop, filledAt, firstAt)) return null;
  // Everything pending left together, and nothing else was late.
  const isOneBlock =
    waits.every(({ out }) => out !== null && out - firstAt <= tolerance.baseMs) && held.every(({ in: at }) => at <= firstAt);
  if (!isOneBlock) return null;
  const atMostBytes = bytesBy(input, firstAt);
  // What came with the input that filled it was not held, however late the hop noticed.
  return batched(bytesBy(input, filledAt - tolerance.baseMs), atMostBytes, waited);
};

/** The tail of a record is held until more bytes arrive: the rest of a buffer that is passed on only when full. Not every record has one. */
export const releasedByMore: Release = ({ isConfirmed, input, output, passages, case: trialCase, tolerance }) => {
  if (isConfirmed) return null;
  const judged = passages.filter(({ index }) => index < floodFrom(trialCase));
  const heldOver = judged.flatMap((passage, index) => {
    const next = judged[index + 1];
    if (!next || !passage.late || passage.out === null) return [];
    return next.in - passage.in >= 4 * tolerance.baseMs && passage.out >= next.in ? [{ ...passage, next }] : [];
  });
  const byNext = heldOver.filter(({ out, next }) => out !== null && out - next.in <= next.epsilon);
  if (byNext.length < 3 || byNext.length < 0.8 * heldOver.length) return null;
  const tails = byNext.map(({ in: at, epsilon }) => bytesBy(input, at) - bytesBy(output, at + epsilon));
  const releases = byNext.map(({ next }) => bytesBy(input, next.in) - bytesBy(output, next.in - 1));
  const atLeastBytes = Math.max(...tails);
  return atLeastBytes > 0 ? batched(atLeastBytes, Math.max(atLeastBytes, ...releases), byNext.length) : null;
};
