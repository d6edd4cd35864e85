// Two causes joined: a byte count or a timer, whichever comes first.
import { bytesBy, median } from "../view.ts";
import { lastInputBy } from "./passage.ts";
import type { Release, Seen } from "./release.ts";
import { explainedShare } from "./release.ts";

interface Event {
  at: number;
  /** How long the first pending byte had waited. */
  waitedMs: number;
  /** Pending bytes before and after the last input. */
  before: number;
  after: number;
  /** It left when bytes arrived. */
  isByInput: boolean;
}

const eventsOf = ({ hop, input, output, tolerance }: Seen): Event[] => {
  const events: Event[] = [];
  let released = 0;
  let last = -Infinity;
  for (const [at, bytes] of output.progress) {
    if (input.end.kind !== "open" && at >= input.end.at) break;
    const firstPending = input.progress.find(([, total]) => total > released)?.[0];
    if (at - last > tolerance.baseMs && firstPending !== undefined && firstPending <= at) {
      const inputAt = lastInputBy(input, at);
      events.push({
        at,
        waitedMs: at - firstPending,
        before: Math.max(0, bytesBy(input, inputAt - tolerance.baseMs) - released),
        after: bytesBy(input, at) - released,
        isByInput: at - inputAt <= tolerance.of(hop, inputAt, at),
      });
    }
    last = at;
    released = bytes;
  }
  return events;
};

export const releasedByEither: Release = (seen) => {
  const { epsilonMs } = seen;
  const events = eventsOf(seen);
  const byTimer = events.filter(({ isByInput }) => !isByInput);
  const byInput = events.filter(({ isByInput }) => isByInput);
  if (byTimer.length < 2 || byInput.length < 2) return null;
  const timerMs = median(byTimer.map(({ waitedMs }) => waitedMs));
  const isOnTime = ({ waitedMs }: Event): boolean => Math.abs(waitedMs - timerMs) <= Math.max(2 * epsilonMs, timerMs / 8);
  const timed = byTimer.filter(isOnTime);
  // The bytes that filled it arrived before the timer fired.
  const filled = byInput.filter(({ waitedMs }) => waitedMs < timerMs + epsilonMs);
  const atLeastBytes = Math.max(0, ...filled.map(({ before }) => before), ...timed.map(({ after }) => after));
  const atMostBytes = Math.min(...filled.map(({ after }) => after));
  const explained = timed.length + filled.length;
  return timerMs > epsilonMs &&
    timed.length >= 2 &&
    filled.length >= 2 &&
    atLeastBytes < atMostBytes &&
    explained >= explainedShare * events.length
    ? { cause: { member: "batched", by: "bytes-or-timer", atLeastBytes, atMostBytes, timerMs }, times: explained }
    : null;
};
