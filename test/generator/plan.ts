// Random release patterns, from a seed: what a hop holds, its position, and its trial.
import fc from "fast-check";
import type { Trial } from "../../harness/define.ts";
import type { Hold, Pattern } from "../mutants/_pattern.ts";

export interface Plan {
  pattern: Pattern;
  trial: Trial;
  /** The number of straight pipes before and after it. */
  before: number;
  after: number;
}

/** Shorter and longer than the patience of a lock-step. */
const longMs = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 100, max: 900 }) }, fc.integer({ min: 900, max: 2500 }));
const noMs = fc.double({ min: 0, max: 1, noNaN: true, noDefaultInfinity: true });
const bytes = fc.integer({ min: 101, max: 4000 });

const holds: fc.Arbitrary<Hold>[] = [
  fc.record({ by: fc.constant("each"), ms: fc.array(longMs, { minLength: 1, maxLength: 1 }), serial: fc.boolean() }),
  fc.record({
    by: fc.constant("each"),
    ms: fc.array(fc.oneof(longMs, fc.constant(0)), { minLength: 2, maxLength: 7 }),
    serial: fc.boolean(),
  }),
  fc.record({
    by: fc.constant("random"),
    percent: fc.integer({ min: 20, max: 100 }),
    leastMs: fc.integer({ min: 0, max: 200 }),
    mostMs: fc.integer({ min: 300, max: 1500 }),
    seed: fc.integer(),
  }),
  fc.record({
    by: fc.constant("writes"),
    counts: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }),
    ms: fc.oneof(fc.constant(0), longMs),
  }),
  fc.record({ by: fc.constant("bytes"), bytes: fc.array(bytes, { minLength: 1, maxLength: 5 }), blocks: fc.boolean() }),
  fc.record({ by: fc.constant("timer"), ms: longMs }),
  fc.record({ by: fc.constant("ticks"), ms: longMs }),
  fc.record({ by: fc.constant("bytes-or-timer"), bytes, ms: longMs }),
  fc.record({ by: fc.constant("quiet"), ms: longMs }),
  fc.record({ by: fc.constant("next"), writes: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ by: fc.constant("end") }),
];

const harmless: fc.Arbitrary<Hold>[] = [
  fc.record({ by: fc.constant("nothing") }),
  fc.record({ by: fc.constant("each"), ms: fc.array(noMs, { minLength: 1, maxLength: 7 }), serial: fc.boolean() }),
  fc.record({ by: fc.constant("timer"), ms: noMs }),
  fc.record({ by: fc.constant("writes"), counts: fc.constant<number[]>([1]), ms: noMs }),
];

const patterns = fc.record<Pattern, "hold">(
  {
    hold: fc.oneof({ weight: 3, arbitrary: fc.oneof(...holds) }, fc.oneof(...harmless)),
    after: fc.integer({ min: 1, max: 3 }),
    pieceBytes: fc.integer({ min: 20, max: 2000 }),
  },
  { requiredKeys: ["hold"] },
);

const trials: fc.Arbitrary<Trial> = fc.oneof(
  fc.record({ kind: fc.constant("lock-step"), recordBytes: fc.constantFrom(100, 600, 2000) }),
  fc.record({ kind: fc.constant("paced"), recordBytes: fc.constantFrom(100, 600, 2000) }),
);

const places = fc.integer({ min: 0, max: 2 });

export const plans: fc.Arbitrary<Plan> = fc.record({ pattern: patterns, trial: trials, before: places, after: places });
