// Which input a hop holds, and for how long, as data: `patterned.ts` applies it to real streams, test/generator/ to traces.
import { randomFrom } from "./_random.ts";

/** A list repeats from its beginning. */
export type Hold =
  | { by: "nothing" }
  /** Each write for its own time; `serial`: the time begins when the previous write has left. */
  | { by: "each"; ms: number[]; serial: boolean }
  /** This percentage of writes, each for a random time. */
  | { by: "random"; percent: number; leastMs: number; mostMs: number; seed: number }
  /** Until there are this many writes, and then for this time. */
  | { by: "writes"; counts: number[]; ms: number }
  /** Until there are this many bytes: then all of them, or only whole blocks. */
  | { by: "bytes"; bytes: number[]; blocks: boolean }
  /** For this time from the first pending byte on. */
  | { by: "timer"; ms: number }
  /** Until the next tick of a clock. */
  | { by: "ticks"; ms: number }
  /** Whole blocks pass immediately, the rest waits for this time. */
  | { by: "bytes-or-timer"; bytes: number; ms: number }
  /** Until nothing has arrived for this time. */
  | { by: "quiet"; ms: number }
  /** Until this many more writes have arrived. */
  | { by: "next"; writes: number }
  | { by: "end" };

export interface Pattern {
  hold: Hold;
  /** This many writes pass immediately before it begins. */
  after?: number;
  /** Released bytes are written in pieces of this size. */
  pieceBytes?: number;
}

/** The bytes of one write, or a part of them; `dueAt` is Infinity until their release is known. */
interface Segment {
  bytes: number;
  dueAt: number;
}

/** Sets when the pending segments leave, after the last one has arrived. */
type Rule = (pending: Segment[], at: number) => void;

export interface Holding {
  wrote: (at: number, bytes: number) => void;
  ended: (at: number) => void;
  /** When the first pending bytes leave, as known now. */
  readonly nextAt: number;
  /** The segments that leave by now, in bytes. */
  leave: (at: number) => number[];
}

export const createHolding = ({ hold, after = 0 }: Pattern, startedAt: number): Holding => {
  const pending: Segment[] = [];
  const rule = (rules[hold.by] as (hold: Hold, startedAt: number) => Rule)(hold, startedAt);
  let writes = 0;
  return {
    wrote: (at, bytes) => {
      const isFree = writes++ < after;
      pending.push({ bytes, dueAt: isFree ? at : Infinity });
      if (!isFree) rule(pending, at);
    },
    ended: (at) => release(inconclusive(pending), at),
    get nextAt() {
      return pending[0]?.dueAt ?? Infinity;
    },
    leave: (at) => {
      const kept = pending.findIndex(({ dueAt }) => dueAt > at);
      return pending.splice(0, kept < 0 ? pending.length : kept).map(({ bytes }) => bytes);
    },
  };
};

const inconclusive = (pending: readonly Segment[]): Segment[] => pending.filter(({ dueAt }) => dueAt === Infinity);
const release = (segments: readonly Segment[], at: number): void => segments.forEach((segment) => (segment.dueAt = at));
const bytesOf = (segments: readonly Segment[]): number => segments.reduce((sum, { bytes }) => sum + bytes, 0);
const inTurn = (list: readonly number[]): (() => number) => {
  let turn = 0;
  return () => list[turn++ % list.length] ?? 0;
};

/** Splits the segments so that the first `bytes` are whole ones; returns those. */
const firstBytes = (pending: Segment[], segments: readonly Segment[], bytes: number): Segment[] => {
  let left = bytes;
  const first: Segment[] = [];
  for (const segment of segments) {
    if (left <= 0) break;
    if (segment.bytes > left) {
      pending.splice(pending.indexOf(segment) + 1, 0, { bytes: segment.bytes - left, dueAt: segment.dueAt });
      segment.bytes = left;
    }
    left -= segment.bytes;
    first.push(segment);
  }
  return first;
};

const eachBy = (next: () => number, serial: boolean): Rule => {
  let freeAt = -Infinity;
  return (pending, at) => {
    freeAt = Math.max(serial ? Math.max(at, freeAt) + next() : at + next(), freeAt);
    release(pending.slice(-1), freeAt);
  };
};

const rules: { [By in Hold["by"]]: (hold: Extract<Hold, { by: By }>, startedAt: number) => Rule } = {
  nothing: () => release,
  each: ({ ms, serial }) => eachBy(inTurn(ms), serial),
  random: ({ percent, leastMs, mostMs, seed }) => {
    const random = randomFrom(seed);
    return eachBy(() => (100 * random() < percent ? leastMs + random() * (mostMs - leastMs) : 0), false);
  },
  writes: ({ counts, ms }) => {
    const next = inTurn(counts);
    let count = next();
    return (pending, at) => {
      const group = inconclusive(pending);
      if (group.length < count) return;
      release(group, at + ms);
      count = next();
    };
  },
  bytes: ({ bytes, blocks }) => {
    const next = inTurn(bytes);
    let quantum = next();
    return (pending, at) => {
      const held = inconclusive(pending);
      const total = bytesOf(held);
      if (total < quantum) return;
      release(blocks ? firstBytes(pending, held, total - (total % quantum)) : held, at);
      quantum = next();
    };
  },
  timer:
    ({ ms }) =>
    (pending, at) =>
      release(pending.slice(-1), pending.length === 1 ? at + ms : (pending[0]?.dueAt ?? at)),
  ticks:
    ({ ms }, startedAt) =>
    (pending, at) =>
      release(pending.slice(-1), startedAt + Math.ceil((at - startedAt) / ms) * ms),
  "bytes-or-timer":
    ({ bytes, ms }) =>
    (pending, at) => {
      release(pending.slice(-1), pending.length === 1 ? at + ms : (pending[0]?.dueAt ?? at));
      const total = bytesOf(pending);
      if (total < bytes) return;
      release(pending, at + ms);
      release(firstBytes(pending, pending, total - (total % bytes)), at);
    },
  quiet:
    ({ ms }) =>
    (pending, at) =>
      release(pending, at + ms),
  next:
    ({ writes }) =>
    (pending, at) =>
      release(pending.slice(0, -writes), at),
  end: () => () => {},
};
