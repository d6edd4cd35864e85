// An experiment's trial that ends as soon as a record is held: what it decides, and that it decides nothing else.
import { describe, expect, it, test } from "vitest";
import type { Check } from "../../../harness/check/checks.ts";
import type { Route } from "../../../harness/check/configuration.ts";
import { heldIn, isDecided, untilHeld } from "../../../harness/check/still-held.ts";
import type { Asked, Experiment, Held } from "../../../harness/check/tried.ts";
import type { Trial } from "../../../harness/define.ts";
import { firstCases } from "../../../harness/model/first-cases.ts";
import { judge } from "../../../harness/model/judge/judge.ts";
import type { Trace } from "../../../harness/model/trace.ts";
import type { Facet } from "../../../harness/model/verdict.ts";
import type { Result } from "../../../harness/session/attempt.ts";
import { briefly, isWhole } from "../../../harness/model/briefly.ts";
import { after, cork, holdAll, releaseEvery, straight, traceOf } from "../model/judge/traces.ts";
import type { Hop } from "../model/judge/traces.ts";

const lockStep: Trial = { kind: "lock-step" };
const circumstances = { request: {}, response: {}, epsilonMs: 5, limitMs: null };
const held: Held = { hop: "bad", case: "lock-step" };

const briefTrace = (hops: Record<string, Hop>, options: { confirmed?: boolean; p99Ms?: number } = {}, trial: Trial = lockStep): Trace =>
  traceOf(trial, hops, { ...options, cases: firstCases(trial, circumstances).map(briefly) });

const resultOf = (trace: Trace): Result => ({ report: judge(trace), trace }) as unknown as Result;

const decides = (trace: Trace, left: string[] = [], of = held): boolean => isDecided(of, resultOf(trace), left);

describe("a record that is held", () => {
  it.each<[string, Hop]>([
    ["until the end", holdAll],
    ["until 4096 bytes are there", releaseEvery(4096)],
    ["until 600 bytes are there", releaseEvery(600)],
    ["by a timer of 1.5 s", cork(1500)],
    ["until the next one comes", after(1)],
  ])("%s is still there", (_, hop) => {
    const trace = briefTrace({ bad: hop }, { confirmed: false });
    expect(isWhole(trace)).toBe(false);
    expect(decides(trace)).toBe(true);
  });

  it("is left open on a machine that may have held it, and where another hop holds it", () => {
    expect(decides(briefTrace({ bad: after(1) }, { confirmed: false, p99Ms: 100 }))).toBe(false);
    expect(decides(briefTrace({ good: straight, bad: after(1) }, { confirmed: false }), [], { ...held, hop: "good" })).toBe(false);
    expect(decides(briefTrace({ good: straight, bad: holdAll }, { confirmed: false }), [], { ...held, hop: "good" })).toBe(false);
    expect(decides(briefTrace({ good: straight, bad: holdAll }, { confirmed: false }))).toBe(true);
  });
});

describe("records that are confirmed", () => {
  it("are as prompt as a whole attempt shows them", () => {
    const trace = briefTrace({ bad: straight });
    expect(isWhole(trace)).toBe(true);
    expect(judge(trace).facets).toEqual(judge(traceOf(lockStep, { bad: straight })).facets);
    expect(decides(trace)).toBe(true);
  });

  it("decide nothing where they need another attempt, or where they are held for less than the patience", () => {
    expect(decides(briefTrace({ bad: straight }), ["lock-step"])).toBe(false);
    expect(decides(briefTrace({ bad: cork(300) }, { confirmed: true }))).toBe(false);
  });

  it("late by the lab alone decide nothing: they passed the hop in time", () => {
    expect(decides(briefTrace({ bad: straight }, { confirmed: false }))).toBe(false);
  });

  it("of one size decide that size, whatever is held of others", () => {
    const sizes: Trial = { kind: "size-sweep", recordBytes: [60, 5000] };
    const [small, large] = ["60", "5000"].map((size) => ({ hop: "bad", case: `lock-step-${size}` })) as [Held, Held];
    const [whole] = briefTrace({ bad: straight }, {}, sizes).cases;
    const trace = briefTrace({ bad: holdAll }, { confirmed: false }, sizes);
    const mixed = { ...trace, cases: [whole, trace.cases[1]] } as Trace;
    expect([small, large].map((of) => decides(mixed, [], of))).toEqual([true, true]);
    expect([small, large].map((of) => decides(mixed, ["lock-step-5000"], of))).toEqual([true, true]);
    // What was held for long is gone, even if it is a little late; what was held for as short as that may still be there.
    expect(decides(mixed, ["lock-step-60"], { ...small, forLong: true })).toBe(true);
    expect(decides(mixed, ["lock-step-60"], small)).toBe(false);
    expect(judge(mixed).facets.find((one) => one.case === small.case && one.facet === "delivery")?.culprit).toBeNull();
  });
});

test("nothing is decided by a case that the trace does not have, or without a trace", () => {
  expect(decides(briefTrace({ bad: holdAll }, { confirmed: false }), [], { ...held, case: "paced" })).toBe(false);
  expect(isDecided(held, { ...resultOf(briefTrace({ bad: holdAll })), trace: null }, [])).toBe(false);
});

const checkOf = (trial: Trial, id = "events"): Check => ({ id, trial }) as Check;

test("only late records of a lock-step show at once: what else a trial finds may come after them", () => {
  const facetOf = (facet: string, culprit: string | null): Facet => ({ facet, culprit }) as unknown as Facet;
  const [long] = briefTrace({ bad: holdAll }, { confirmed: false }).cases;
  const [short] = briefTrace({ bad: cork(300) }, { confirmed: true }).cases;
  expect(heldIn(facetOf("delivery", "bad"), "lock-step", checkOf(lockStep), short)).toEqual(held);
  expect(heldIn(facetOf("delivery", "bad"), "lock-step", checkOf(lockStep), long)).toEqual({ ...held, forLong: true });
  expect(heldIn(facetOf("delivery", "bad"), "paced", checkOf({ kind: "paced" }), long)).toBeNull();
  for (const facet of ["integrity", "ending", "source"])
    expect(heldIn(facetOf(facet, "bad"), "lock-step", checkOf(lockStep), long)).toBeNull();
});

test("a trial ends at its own fault only, and one with two faults does not", async () => {
  const [a, b] = [{ id: "a" }, { id: "b" }] as Route[] as [Route, Route];
  const check = checkOf(lockStep);
  const askedFor = async (...faults: { route: Route; check: Check; held: Held | null }[]): Promise<(Held | undefined)[]> => {
    const asked: Asked[] = [];
    const experiment: Experiment = {
      edits: [],
      faults: [a, b].flatMap((route) => [
        { route, check },
        { route, check: checkOf(lockStep, "gzip") },
      ]),
    };
    await untilHeld(faults, (experiments) => {
      asked.push(...experiments.flatMap((one) => one.faults));
      return Promise.resolve([]);
    })([experiment]);
    return asked.map(({ until }) => until);
  };
  expect(await askedFor({ route: a, check, held })).toEqual([held, undefined, undefined, undefined]);
  expect(await askedFor({ route: a, check, held }, { route: a, check, held: null })).toEqual([undefined, undefined, undefined, undefined]);
});
