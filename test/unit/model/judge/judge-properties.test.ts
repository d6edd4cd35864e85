import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../../../../harness/model/outcome.ts";
import { judge } from "../../../../harness/model/judge/judge.ts";
import { placementOf } from "../../../../harness/model/fidelity.ts";
import { bodyOf } from "../../../../harness/model/body.ts";
import type { Exchange, Trace } from "../../../../harness/model/trace.ts";
import type { Trial } from "../../../../harness/define.ts";
import { after, cleanEnd, cork, holdAll, holdHeaders, releaseEvery, straight, traceOf } from "./traces.ts";

const trials: Trial[] = [
  { kind: "lock-step" },
  { kind: "paced" },
  { kind: "header-hold" },
  { kind: "silence" },
  { kind: "origin-abort" },
  { kind: "client-leaving" },
  { kind: "late-joiner" },
  { kind: "bodyless" },
];
const hops = [straight, holdAll, releaseEvery(4096), releaseEvery(77), after(1), after(3), cork(200), holdHeaders, cleanEnd];

const time = fc.oneof(fc.double({ min: -10, max: 9000, noNaN: true }), fc.constant(0));
const exchangeChange: fc.Arbitrary<Partial<Exchange>> = fc.record(
  {
    client: fc.constantFrom(0, 1, null),
    records: fc.array(fc.option(time), { maxLength: 30 }),
    progress: fc.array(fc.tuple(time, fc.nat(3_000_000)), { maxLength: 30 }),
    contentBytes: fc.nat(3_000_000),
    response: fc.constant(null),
    nonce: fc.constantFrom(null, "aaaaaaaaaa", "bbbbbbbbbb"),
    end: fc.record({
      at: time,
      kind: fc.constantFrom("last-chunk", "length", "no-body", "fin-delimited", "cut-by-fin", "cut-by-reset", "open", "malformed"),
      codingComplete: fc.constantFrom(null, true, false),
    }),
    closings: fc.array(fc.record({ at: time, by: fc.constantFrom("downstream", "upstream"), how: fc.constantFrom("fin", "reset") }), {
      maxLength: 4,
    }),
    blocked: fc.array(fc.tuple(time, time), { maxLength: 3 }),
    droppedBytes: fc.constantFrom(0, 1),
    fidelity: fc.constantFrom<Exchange["fidelity"]>(
      { kind: "intact" },
      { kind: "foreign" },
      { kind: "altered", offset: 3, how: "changed", detail: "x" },
    ),
  },
  { requiredKeys: [] },
);

const traces: fc.Arbitrary<Trace> = fc
  .tuple(
    fc.constantFrom(...trials),
    fc.array(fc.constantFrom(...hops), { minLength: 1, maxLength: 4 }),
    fc.array(fc.tuple(fc.nat(40), fc.option(exchangeChange)), { maxLength: 8 }),
    fc.double({ min: 0, max: 100, noNaN: true }),
  )
  .map(([trial, chain, changes, p99Ms]) => {
    const trace = traceOf(trial, Object.fromEntries(chain.map((hop, index) => [`hop${index}`, hop])), { p99Ms });
    for (const [place, change] of changes)
      for (const trialCase of trace.cases) {
        const index = place % trialCase.exchanges.length;
        const exchange = trialCase.exchanges[index];
        if (!exchange) continue;
        if (change) trialCase.exchanges[index] = { ...exchange, ...change };
        else trialCase.exchanges.splice(index, 1);
      }
    return trace;
  });

describe("judge, on any trace", () => {
  it("never throws, and gives the same verdict on a trace that was saved and read again", () => {
    fc.assert(
      fc.property(traces, (trace) => {
        const first = JSON.stringify(judge(trace));
        expect(JSON.stringify(judge(trace))).toBe(first);
        expect(JSON.stringify(judge(JSON.parse(JSON.stringify(trace)) as Trace))).toBe(first);
      }),
      { numRuns: 400 },
    );
  });

  it("gives a reason for every decision", () => {
    fc.assert(
      fc.property(traces, (trace) => {
        const decided = decide(
          { title: "x", chain: [{ app: "sse" }, "x"], trial: { kind: "lock-step" }, must: { deliver: "incrementally", end: "complete" } },
          judge(trace),
        );
        expect(decided.why.length).toBeGreaterThan(10);
        if (decided.outcome === "fail") expect(decided.culprit).not.toBeNull();
      }),
      { numRuns: 200 },
    );
  });

  it("finds the request of a body, and never confuses two", () => {
    const plan = { format: "sse" as const, filler: "incompressible" as const, recordBytes: [60, 100, 2000, 60] };
    const written = ["aaaaaaaaaa", "bbbbbbbbbb"].map((nonce) => ({ nonce, plan, records: 4, ended: true }));
    fc.assert(
      fc.property(fc.constantFrom(0, 1), fc.nat(2220), fc.uint8Array({ maxLength: 20 }), fc.nat(2220), (which, length, bytes, at) => {
        const nonce = written[which]?.nonce ?? "";
        const whole = bodyOf(nonce, plan, 4, true);
        const prefix = whole.subarray(0, length);
        if (length >= 20) expect(placementOf(prefix, written)).toMatchObject({ nonce, fidelity: { kind: "intact" } });
        const spoilt = Buffer.concat([whole.subarray(0, at), bytes, whole.subarray(at)]);
        const placed = placementOf(spoilt, written);
        expect(placed.fidelity.kind === "intact").toBe(spoilt.equals(whole));
      }),
      { numRuns: 300 },
    );
  });
});
