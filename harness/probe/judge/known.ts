// What the events of `hopwise origin` prove: lateness by differences to the smallest delay, so that the clocks need not agree. Pure.
import { knownEventOf } from "./known-event.ts";
import type { KnownEvent } from "./known-event.ts";
import { median } from "./numbers.ts";
import type { Observed } from "./observation.ts";
import type { Records } from "./records.ts";

export interface Lateness {
  events: number;
  /** Later than the tolerance. */
  late: number;
  /** Of each event, more than the smallest delay. */
  leastMs: number;
  medianMs: number;
  worstMs: number;
  toleranceMs: number;
  /** All late events left at the end of the response. */
  isReleasedAtTheEnd: boolean;
  /** How much later than the smallest delay the header section was. */
  headLateMs: number;
  /** The smallest delay itself, there and back: distance, or held by a constant time. */
  roundTripMs: number;
}

export interface Known {
  first: KnownEvent;
  /** When each record would have arrived if nothing had held it; null: it is no such event. */
  dueMs: (number | null)[];
  lateness: Lateness;
  altered: number;
  repeated: number;
  /** Events that did not arrive, as far as the response was read. */
  missing: number;
  of: number;
}

/** Less is what networks and busy machines do. */
const leastToleranceMs = 100;

/** Null: the response is not one of `hopwise origin`. */
export const knownOf = ({ arrivals }: Records, observed: Observed): Known | null => {
  const read = arrivals.map(({ atMs, kind, text }) => ({ atMs, event: kind === "data" ? knownEventOf(text) : ("heartbeat" as const) }));
  const events = read.flatMap((one) => (isKnown(one) ? [one] : []));
  const first = events[0]?.event;
  if (!first) return null;
  const numbers = new Set(events.map(({ event }) => event.event));
  const altered = read.filter(({ event }) => event !== "heartbeat").length - events.length;
  const { lateness, lateByMs } = latenessOf(events, first, observed);
  const lateBy = new Map<unknown, number>(events.map((one, index) => [one, lateByMs[index] ?? 0]));
  return {
    first,
    dueMs: read.map((one) => (isKnown(one) ? one.atMs - (lateBy.get(one) ?? 0) : null)),
    lateness,
    altered,
    repeated: events.length - numbers.size,
    missing: Math.max(0, first.of - numbers.size - altered),
    of: first.of,
  };
};

interface Timed {
  atMs: number;
  event: KnownEvent;
}

const isKnown = (one: { atMs: number; event: KnownEvent | string | null }): one is Timed =>
  typeof one.event === "object" && one.event !== null;

const latenessOf = (
  events: readonly Timed[],
  first: KnownEvent,
  { head, connectMs, stalls, end }: Observed,
): { lateness: Lateness; lateByMs: number[] } => {
  const delays = events.map(({ atMs, event }) => atMs - (event.writtenMs - event.receivedMs));
  const headDelay = (head?.atMs ?? 0) - (first.headMs - first.receivedMs);
  const roundTripMs = delays.reduce((least, delay) => Math.min(least, delay), headDelay);
  const lateBy = delays.map((delay, index) => {
    const atMs = events[index]?.atMs ?? 0;
    return delay - roundTripMs - stoodStillFor(stalls, atMs - (delay - roundTripMs), atMs);
  });
  // Where this process stood still, so may hops on the same machine.
  const toleranceMs = stalls.reduce((most, [from, to]) => Math.max(most, to - from), Math.max(leastToleranceMs, connectMs));
  const late = events.filter((_, index) => (lateBy[index] ?? 0) > toleranceMs);
  const lastMs = Math.min(end.atMs, events.at(-1)?.atMs ?? 0);
  const lateness: Lateness = {
    events: events.length,
    late: late.length,
    leastMs: lateBy.reduce((least, by) => Math.min(least, by), Infinity),
    medianMs: median(lateBy),
    worstMs: lateBy.reduce((worst, by) => Math.max(worst, by), 0),
    toleranceMs,
    isReleasedAtTheEnd: late.length > 0 && late.every(({ atMs }) => atMs >= lastMs - toleranceMs / 2),
    headLateMs: headDelay - roundTripMs,
    roundTripMs,
  };
  return { lateness, lateByMs: lateBy };
};

/** What arrived while this process stood still was read late, and not held. */
const stoodStillFor = (stalls: Observed["stalls"], fromMs: number, toMs: number): number =>
  stalls.reduce((sum, [from, to]) => sum + Math.max(0, Math.min(to, toMs) - Math.max(from, fromMs)), 0);
