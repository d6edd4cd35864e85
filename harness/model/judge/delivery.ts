// Delivery: did the records pass one by one, and if not, what let them go (verdicts.md, "Late").
import { applicationNonce } from "../recording.ts";
import type { Delivery, HopFinding } from "../verdict.ts";
import type { ArmTrace, Exchange } from "../trace.ts";
import type { Tolerance } from "./tolerance.ts";
import type { HopView } from "./view.ts";
import { arrivals, bytesBy, median, ms } from "./view.ts";

/** One record at one hop. */
interface Passage {
  index: number;
  in: number;
  out: number | null;
  /** ε of this hop in this interval. */
  epsilon: number;
  late: boolean;
}

export type DeliveryFinding = HopFinding<Delivery> | { hop: string; undecided: string; byMachine?: true };

export const judgeDelivery = (view: HopView, arm: ArmTrace, tolerance: Tolerance): DeliveryFinding | null => {
  const { hop, input, output } = view;
  if (!output?.response) return heldWhole(view, arm, tolerance);
  if (!input?.response) return { hop, masked: true, why: "it was given no response" };
  if (input.droppedBytes > 0 || output.droppedBytes > 0) return { hop, undecided: "more bytes passed than a tap keeps" };
  if (input.fidelity.kind === "foreign") return { hop, masked: true, why: "its input was not the origin's body" };
  if (output.fidelity.kind === "foreign") return { hop, masked: true, why: "it answered with a body of its own" };

  const passages = passagesOf(view.hop, input, output, tolerance);
  if (passages.length < 2) return null;
  if (input.fidelity.kind === "altered" && passages.length < (arm.origin[0]?.writes.at(-1)?.records ?? 0))
    return { hop, masked: true, why: "its input was altered, so that records cannot be placed" };
  if (output.fidelity.kind === "altered" && passages.some(({ out }) => out === null))
    return { hop, undecided: "its output is altered, so that records cannot be placed" };
  const lockStep = arm.arm.script.steps.some((step) => step.do === "lock-step");
  const confirmed = lockStep && arm.origin.every((exchange) => exchange.unacknowledged === null);
  // In a confirmed lock-step each record waited for the one before, however quickly they came.
  if (
    !confirmed &&
    arrivals(
      passages.map((passage) => passage.in),
      tolerance.baseMs,
    ) < 2
  )
    return { hop, masked: true, why: "its input came all at once" };
  // Records that were still on their way when a limit or an abort ended the stream are judged by the ending, not here.
  const isInTime = timeFor(view.hop, output, arm, tolerance);
  const judged = passages.filter((passage) => passage.out !== null || (!endedEarly(output, passage, passages) && isInTime(passage.in)));
  if (judged.length < 2) return null;

  // What the flood is for is to let go what is held: its megabytes take their time through any hop.
  const sizes = arm.arm.script.body.recordBytes;
  const late = judged.filter((passage) => passage.late && (sizes[passage.index] ?? 0) <= Math.max(sizes[0] ?? 0, floodBytes));
  const lags = judged.map((passage) => (passage.out ?? Infinity) - passage.in).filter(Number.isFinite);
  const epsilonMs = median(judged.map((passage) => passage.epsilon));
  const incremental = (): DeliveryFinding => ({
    hop,
    masked: false,
    finding: {
      member: "incremental",
      medianLagMs: median(lags),
      worstLagMs: Math.max(...lags),
      unexplained: late.length,
      by: lockStep ? "lock-step" : "paced",
    },
  });
  // A few that were no later than the control's own worst, in this same window, are the machine's.
  const isMachine = late.every(({ in: came, out }) => out !== null && out - came <= tolerance.worstMs);
  const isFew = late.length <= Math.max(1, judged.length / 8);
  if (late.length === 0 || (isMachine && isFew) || (confirmed && median(lags) <= epsilonMs)) {
    const why = confirmed ? bluntLag(median(lags)) : (bluntLag(median(lags)) ?? bluntGap(judged, epsilonMs));
    return why === null ? incremental() : { hop, undecided: why, byMachine: true };
  }
  const cause =
    releasedByEnd(input, output, judged, arm) ??
    (confirmed ? null : releasedByNext(judged, arm, tolerance)) ??
    releasedByBytes(hop, input, output, judged, tolerance) ??
    releasedByTimer(judged, arm, epsilonMs) ??
    releasedOnce(hop, input, output, judged, arm, tolerance) ??
    (confirmed ? null : releasedByMore(input, output, judged, arm, tolerance));
  if (cause) return { hop, masked: false, finding: cause };
  return {
    hop,
    undecided: `${late.length} of ${judged.length} records were late (the worst by ${Math.round(Math.max(...lags))} ms) for no cause that could be seen twice`,
    byMachine: true,
  };
};

/** Half of all records as late as this are no stream that somebody would call prompt, whatever the machine is to be forgiven. */
const plainLagMs = 50;

const bluntLag = (lagMs: number): string | null =>
  lagMs > plainLagMs ? `half of its records were ${ms(lagMs)} late or more, and so may the machine have made them` : null;

/** A hold of one record is as long as the gap behind it: it is seen where ε is shorter. */
const bluntGap = (judged: readonly Passage[], epsilonMs: number): string | null => {
  const gaps = judged.slice(1).map(({ in: at }, index) => at - (judged[index]?.in ?? at));
  return gaps.every((gap) => gap <= epsilonMs)
    ? `its records came every ${ms(Math.max(...gaps))} at most, and the machine may have made them ${ms(epsilonMs)} late`
    : null;
};

/** An application is not told to flood, and nothing else says that its client was given nothing, not even a header section. */
const heldWhole = ({ hop, input, output }: HopView, arm: ArmTrace, tolerance: Tolerance): DeliveryFinding | null => {
  if (!input?.response || !output || arm.origin[0]?.nonce !== applicationNonce || output.closings[0]?.by === "upstream") return null;
  const isInTime = timeFor(hop, output, arm, tolerance);
  const times = input.records.filter((at): at is number => at !== null && isInTime(at));
  const [first] = times;
  if (first === undefined || arrivals(times, tolerance.baseMs) < 2) return null;
  const heldForMs = overAt(output, arm) - first;
  return {
    hop,
    masked: false,
    finding: { member: "buffered", released: "never", atLeastBytes: input.contentBytes, flooded: false, heldForMs },
  };
};

/** When nobody was there any more to whom anything could have been passed on. */
const overAt = (output: Exchange, arm: ArmTrace): number => output.closings.find(({ by }) => by === "downstream")?.at ?? arm.endedAt;

/** Whether what came in had time to come out. Nobody tells an application to be done before its client leaves: it may write then, and go on
 *  behind that to a hop that keeps it. */
const timeFor = (hop: string, output: Exchange, arm: ArmTrace, tolerance: Tolerance): ((at: number) => boolean) => {
  if (arm.origin[0]?.nonce !== applicationNonce) return () => true;
  const until = overAt(output, arm);
  return (at) => until - at > tolerance.of(hop, at, until);
};

const passagesOf = (hop: string, input: Exchange, output: Exchange, tolerance: Tolerance): Passage[] =>
  input.records.flatMap((at, index) => {
    if (at === null) return [];
    const out = output.records[index] ?? null;
    const until = out ?? Math.max(output.end.at, at);
    const epsilon = tolerance.of(hop, at, until);
    // Time in which the neighbour nearer the client did not read is not the hop's.
    const blocked = output.blocked.reduce((sum, [from, to]) => sum + Math.max(0, Math.min(to, until) - Math.max(from, at)), 0);
    return [{ index, in: at, out, epsilon, late: out === null || out - at - blocked > epsilon }];
  });

const endedEarly = (output: Exchange, passage: Passage, all: readonly Passage[]): boolean => {
  const lastOut = all.findLast(({ out }) => out !== null);
  return lastOut !== undefined && passage.index > lastOut.index && output.end.at - passage.in <= 4 * passage.epsilon;
};

const floodBytes = 32 * 1024;

const isFlooded = (arm: ArmTrace): boolean => Math.max(...arm.arm.script.body.recordBytes) >= 256 * 1024;

/** Nothing came out before the upstream's end. */
const releasedByEnd = (input: Exchange, output: Exchange, judged: readonly Passage[], arm: ArmTrace): Delivery | null => {
  const first = output.progress[0]?.[0] ?? null;
  const inputEnded = input.end.kind !== "open";
  if (first !== null && !(inputEnded && first >= input.end.at)) return null;
  const firstIn = judged[0]?.in ?? 0;
  return {
    member: "buffered",
    released: first === null ? "never" : "end",
    atLeastBytes: input.contentBytes,
    flooded: isFlooded(arm) && input.contentBytes >= 1024 * 1024,
    heldForMs: (first ?? output.end.at) - firstIn,
  };
};

/** `next k`: record i leaves when record i + k comes, whatever the gap and the size. */
const releasedByNext = (judged: readonly Passage[], arm: ArmTrace, tolerance: Tolerance): Delivery | null => {
  const sizes = arm.arm.script.body.recordBytes;
  for (const k of [1, 2, 3]) {
    let seen = 0;
    const seenGaps = new Set<number>();
    const bySize = new Map<number, { seen: number; otherwise: number }>();
    for (const passage of judged) {
      const next = judged.find(({ index }) => index === passage.index + k);
      if (!next || passage.out === null) continue;
      // A record of the flood comes in many reads, and what the first of them lets go leaves before it is whole.
      if ((sizes[next.index] ?? 0) > (sizes[0] ?? 0)) continue;
      const gap = next.in - passage.in;
      // Two records that came together tell nothing of what let the first go.
      if (gap < 4 * tolerance.baseMs) continue;
      const after = passage.out - next.in;
      const size = sizes[passage.index] ?? 0;
      const ofSize = bySize.get(size) ?? { seen: 0, otherwise: 0 };
      bySize.set(size, ofSize);
      if (after < -1 || after > next.epsilon) {
        ofSize.otherwise++;
        continue;
      }
      seen++;
      ofSize.seen++;
      seenGaps.add(Math.round(gap / (4 * tolerance.baseMs)));
    }
    // A record that the machine delayed is no reason to doubt what all the others show; more of one size say that it hangs on that.
    const sizesShown = [...bySize.values()];
    const isAnySize =
      sizesShown.filter((one) => one.seen > 0).length >= 2 && sizesShown.every((one) => one.otherwise <= Math.max(1, one.seen / 3));
    const otherwise = sizesShown.reduce((sum, one) => sum + one.otherwise, 0);
    if (isAnySize && otherwise <= seen / 6 && seen >= 3 && seenGaps.size >= 2)
      return { member: "lagging", records: k, lagMs: median(judged.flatMap((p) => (p.out === null ? [] : [p.out - p.in]))) };
  }
  return null;
};

/** `bytes Q`: what is held is always less than what is let go; both are taken from the content, whatever the records' sizes. */
const releasedByBytes = (
  hop: string,
  input: Exchange,
  output: Exchange,
  judged: readonly Passage[],
  tolerance: Tolerance,
): Delivery | null => {
  let heldBytes = 0;
  for (const passage of judged) {
    const settled = passage.in + passage.epsilon;
    const next = judged.find((other) => other.in > passage.in);
    if (next && next.in < settled) continue;
    if (input.end.kind !== "open" && settled >= input.end.at) continue;
    heldBytes = Math.max(heldBytes, bytesBy(input, passage.in) - bytesBy(output, settled));
  }
  const pending: number[] = [];
  let ofItself = 0;
  let before = 0;
  let lastRelease = -Infinity;
  for (const [at, bytes] of output.progress) {
    if (input.end.kind !== "open" && at >= input.end.at) break;
    // One release may be read in several pieces: what counts is what was pending when it began.
    if (at - lastRelease > tolerance.baseMs) {
      // What a byte count lets go leaves when bytes come; what leaves between two inputs was let go by a timer.
      if (at - lastInputBy(input, at) > tolerance.of(hop, lastInputBy(input, at), at)) ofItself++;
      pending.push(bytesBy(input, at) - before);
    }
    lastRelease = at;
    before = bytes;
  }
  // A count of bytes holds a record until a later one comes; one that is merely late leaves before.
  const heldOver = judged.filter((passage, index) => {
    const next = judged[index + 1]?.in ?? Infinity;
    return next - passage.in >= 4 * tolerance.baseMs && next <= (passage.out ?? Infinity);
  }).length;
  if (heldOver < 2) return null;
  const least = Math.min(...pending);
  if (pending.length === 0 || heldBytes === 0 || ofItself > pending.length / 4) return null;
  // The flood doubles its writes, so that a quantum is only known to a factor of two; a compressor's varies by its input.
  const mostHeld = Math.max(...pending);
  if (pending.length >= 2 && (heldBytes < least || (heldBytes >= 512 && heldBytes <= 2 * least)))
    return { member: "batched", by: "bytes", atLeastBytes: heldBytes, atMostBytes: Math.max(least, heldBytes) };
  if (heldBytes >= 512 && least > 0 && heldBytes <= 64 * least && pending.length <= judged.length / 2)
    return { member: "batched", by: "bytes", atLeastBytes: Math.min(heldBytes, mostHeld), atMostBytes: Math.max(heldBytes, mostHeld) };
  return null;
};

/** The index of the flood's first record: writes that double up to the end of the script. */
const floodFrom = (arm: ArmTrace): number => {
  const sizes = arm.arm.script.body.recordBytes;
  let from = sizes.length - 1;
  while (from > 0 && (sizes[from - 1] ?? 0) * 2 === sizes[from]) from--;
  return isFlooded(arm) ? from : Infinity;
};

/** A first block of so many bytes is held, and nothing behind it: what came in several times left in one, with the bytes that filled it.
 *  If only the flood filled it, what the hop does with the rest of the flood says nothing more. */
const releasedOnce = (
  hop: string,
  input: Exchange,
  output: Exchange,
  passages: readonly Passage[],
  arm: ArmTrace,
  tolerance: Tolerance,
): Delivery | null => {
  const [firstAt] = output.progress[0] ?? [];
  if (firstAt === undefined) return null;
  const flood = passages.filter(({ index }) => index >= floodFrom(arm));
  const byFlood = flood.length > 0 && firstAt >= (flood[0]?.in ?? Infinity);
  const judged = byFlood ? passages.filter((passage) => !flood.includes(passage)) : passages;
  const held = judged.filter((passage) => passage.late);
  const waits = judged.filter((passage) => passage.in < firstAt - tolerance.baseMs);
  const filledAt = lastInputBy(input, firstAt);
  if (
    arrivals(
      waits.map((passage) => passage.in),
      tolerance.baseMs,
    ) < 3 ||
    firstAt - filledAt > tolerance.of(hop, filledAt, firstAt)
  )
    return null;
  // Everything that waited left together, and nothing else was late.
  const isOneBlock =
    waits.every(({ out }) => out !== null && out - firstAt <= tolerance.baseMs) && held.every(({ in: at }) => at <= firstAt);
  if (!isOneBlock) return null;
  const atMostBytes = bytesBy(input, firstAt);
  return { member: "batched", by: "bytes", atLeastBytes: Math.min(bytesBy(input, firstAt - tolerance.baseMs), atMostBytes), atMostBytes };
};

/** A tail is held until more comes, although not every record has one: what is left of a buffer that is passed on as soon as it is full. */
const releasedByMore = (
  input: Exchange,
  output: Exchange,
  passages: readonly Passage[],
  arm: ArmTrace,
  tolerance: Tolerance,
): Delivery | null => {
  const judged = passages.filter(({ index }) => index < floodFrom(arm));
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
  return atLeastBytes > 0 ? { member: "batched", by: "bytes", atLeastBytes, atMostBytes: Math.max(atLeastBytes, ...releases) } : null;
};

const lastInputBy = (input: Exchange, at: number): number => input.progress.findLast(([time]) => time <= at)?.[0] ?? -Infinity;

/** `timer q`: what is pending leaves a constant time after its first byte, and the origin's gaps are no multiples of it. */
const releasedByTimer = (judged: readonly Passage[], arm: ArmTrace, epsilonMs: number): Delivery | null => {
  const waits: number[] = [];
  let released = -Infinity;
  for (const passage of judged) {
    if (passage.out === null) return null;
    if (passage.out <= released + 1) continue;
    waits.push(passage.out - passage.in);
    released = passage.out;
  }
  if (waits.length < 2) return null;
  const timerMs = median(waits);
  const spread = median(waits.map((wait) => Math.abs(wait - timerMs)));
  if (timerMs <= epsilonMs || spread > Math.max(epsilonMs, timerMs / 8)) return null;
  const off = waits.filter((wait) => Math.abs(wait - timerMs) > Math.max(2 * epsilonMs, timerMs / 4)).length;
  if (off > waits.length / 5) return null;
  const gaps = arm.arm.script.steps.flatMap((step) => (step.do === "write" && step.records > 2 ? [step.everyMs] : []));
  const ambiguous =
    gaps.length > 0 && gaps.every((gap) => Math.abs(gap / timerMs - Math.round(gap / timerMs)) < 0.1 && gap >= timerMs * 0.9);
  const onlyPaced = !arm.arm.script.steps.some((step) => step.do === "lock-step");
  return onlyPaced && ambiguous ? null : { member: "batched", by: "timer", timerMs };
};
