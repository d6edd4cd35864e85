import { describe, expect, it } from "vitest";
import { judge } from "../../../../harness/model/judge/judge.ts";
import type { CaseTrace, Trace } from "../../../../harness/model/trace.ts";
import { nextCases } from "../../../../harness/model/sequels.ts";
import type { Facet } from "../../../../harness/model/verdict.ts";
import type { Trial } from "../../../../harness/define.ts";
import { after, asNextAttempt, cleanEnd, cork, holdAll, holdHeaders, releaseEvery, straight, traceOf } from "./traces.ts";
import type { Hop } from "./traces.ts";

const lockStep: Trial = { kind: "lock-step" };
const paced: Trial = { kind: "paced" };

/** The deviating facets, as `facet member culprit`. */
const deviations = (facets: readonly Facet[]): string[] =>
  facets.filter(({ culprit }) => culprit !== null).map(({ facet, observation, culprit }) => `${facet} ${observation.member} ${culprit}`);

const cases: [name: string, trial: Trial, hop: Hop, expected: string[]][] = [
  ["a straight pipe", lockStep, straight, []],
  ["a straight pipe, paced", paced, straight, []],
  ["a hop that holds everything, flooded", lockStep, holdAll, ["delivery buffered bad"]],
  ["a hop that holds everything, paced", paced, holdAll, ["delivery buffered bad"]],
  ["a hop that releases every 4096 bytes, which only the flood brings", lockStep, releaseEvery(4096), ["delivery buffered bad"]],
  [
    "a hop that releases every 4096 bytes of larger records",
    { kind: "lock-step", recordBytes: 1500 },
    releaseEvery(4096),
    ["delivery batched bad"],
  ],
  ["a hop that releases every 4096 bytes, small records only", paced, releaseEvery(4096), ["delivery buffered bad"]],
  ["a hop that releases every 256 bytes", paced, releaseEvery(256), ["delivery batched bad"]],
  ["a hop that lags by one record", lockStep, after(1), ["delivery lagging bad"]],
  ["a hop that lags by two records", paced, after(2), ["delivery lagging bad"]],
  ["a hop that corks for 230 ms", paced, cork(230), ["delivery batched bad"]],
  ["a hop that holds headers", { kind: "header-hold" }, holdHeaders, ["headers held bad"]],
];

describe("judge", () => {
  it.each(cases)("judges %s alone", (_, trial, hop, expected) => {
    expect(deviations(judge(traceOf(trial, { bad: hop })).facets)).toEqual(expected);
  });

  it.each(cases)("judges %s in each place of a chain of four", (_, trial, hop, expected) => {
    for (const place of [0, 1, 2, 3]) {
      const hops = Object.fromEntries(
        [0, 1, 2, 3].map((index) => [index === place ? "bad" : `pipe${index}`, index === place ? hop : straight]),
      );
      expect(deviations(judge(traceOf(trial, hops)).facets)).toEqual(expected);
    }
  });

  it("blames the hop that ends cleanly for a silent truncation, not the origin", () => {
    const { facets } = judge(traceOf({ kind: "origin-abort", how: ["reset"] }, { a: straight, bad: cleanEnd, b: straight }));
    expect(deviations(facets)).toEqual(["ending truncated-silently bad"]);
  });

  it("blames the origin for an abort that every hop passes on", () => {
    const { facets } = judge(traceOf({ kind: "origin-abort", how: ["reset"] }, { a: straight, b: straight }));
    expect(deviations(facets)).toEqual(["ending truncated-visibly origin"]);
  });

  it("judges a hop against its own input: a hop after one that holds is masked", () => {
    const { facets } = judge(traceOf(lockStep, { bad: holdAll, innocent: releaseEvery(4096) }));
    const delivery = facets.find(({ facet }) => facet === "delivery");
    expect(delivery?.culprit).toBe("bad");
    expect(delivery?.hops[1]).toMatchObject({ hop: "innocent", masked: true });
  });

  it("does not decide when the machine is too slow for the gaps", () => {
    const verdict = judge(traceOf(lockStep, { bad: after(1) }, { p99Ms: 40 }));
    expect(verdict.facets.filter(({ facet }) => facet === "delivery")).toEqual([]);
    expect(verdict.inconclusive[0]?.why).toMatch(/^bad held \d+ of 20 records for up to \d+ ms, and no second attempt showed it/);
    expect(verdict.inconclusive[0]?.byMachine).toBe(true);
  });

  it("names the quantum of a hop that batches", () => {
    const { facets } = judge(traceOf(paced, { bad: releaseEvery(256) }));
    const observation = facets.find(({ facet }) => facet === "delivery")?.observation;
    expect(observation).toMatchObject({ member: "batched", by: "bytes" });
    if (observation && "atMostBytes" in observation) {
      expect(observation.atLeastBytes).toBeLessThanOrEqual(256);
      expect(observation.atMostBytes).toBeGreaterThanOrEqual(256);
    }
  });

  it("names the timer of a hop that corks", () => {
    const observation = judge(traceOf(paced, { bad: cork(230) })).facets.find(({ facet }) => facet === "delivery")?.observation;
    expect(observation).toMatchObject({ by: "timer" });
    if (observation && "timerMs" in observation) expect(observation.timerMs).toBeCloseTo(230, -1);
  });
});

describe("each record a little late", () => {
  const byMs =
    (lateMs: number): Hop =>
    (input) => ({ ...straight(input), progress: input.progress.map(([at, bytes]) => [at + lateMs, bytes]) });
  const seen = (lateMs: number): Trace => traceOf(paced, { bad: byMs(lateMs) });
  const again = (trace: Trace): CaseTrace[] => trace.cases.map(asNextAttempt);
  const deliveryIn = (trace: Trace): unknown[] => [
    ...judge(trace).facets.flatMap(({ facet, case: trialCase, observation }) =>
      facet === "delivery" ? [`${trialCase} ${observation.member}`] : [],
    ),
    ...judge(trace).inconclusive.flatMap(({ facet, case: trialCase, byMachine }) =>
      facet === "delivery" && byMachine ? [`${trialCase} inconclusive`] : [],
    ),
  ];

  it("in one attempt is no verdict, and leads to another attempt", () => {
    const trace = seen(19);
    expect(deliveryIn(trace)).toEqual(["paced inconclusive"]);
    const allCases = trace.cases.map((one) => ({
      ...one,
      origin: one.origin.map((own) => ({ ...own, unacknowledged: null })),
      clients: one.clients.map((client) => ({ ...client, recordsAt: one.origin[0]?.writes.map(({ at }) => at + 19) ?? [] })),
    }));
    const circumstances = { request: {}, response: {}, epsilonMs: 5, limitMs: null };
    const next = nextCases(paced, circumstances, allCases, { epsilonMs: 5, facets: [], inconclusive: [] });
    expect(next.map(({ id }) => id)).toEqual(["paced-again"]);
    // What was plain when it was planned may not be so any more when it is judged.
    const plain = allCases.map((one) => ({
      ...one,
      clients: one.clients.map((client) => ({ ...client, recordsAt: client.recordsAt.map((at) => at + 332) })),
    }));
    expect(nextCases(paced, circumstances, plain, { epsilonMs: 5, facets: [], inconclusive: [] })).toEqual([]);
    expect(nextCases(paced, circumstances, plain, { epsilonMs: 18, facets: [], inconclusive: [] }).map(({ id }) => id)).toEqual([
      "paced-again",
    ]);
    expect(nextCases(paced, circumstances, [...allCases, ...again(trace)], { epsilonMs: 5, facets: [], inconclusive: [] })).toEqual([]);
  });

  it("in two attempts is a timer", () => {
    const trace = seen(19);
    expect(deliveryIn({ ...trace, cases: [...trace.cases, ...again(trace)] })).toEqual(["paced batched", "paced-again batched"]);
  });

  it("in the first attempt only was the machine's", () => {
    const trace = seen(19);
    const straightNow = traceOf(paced, { bad: straight });
    expect(deliveryIn({ ...trace, cases: [...trace.cases, ...again(straightNow)] })).toEqual(["paced-again incremental"]);
    expect(deliveryIn({ ...trace, cases: [...straightNow.cases, ...again(trace)] })).toEqual(["paced incremental"]);
  });

  it("is judged in the same way for a header section", () => {
    const hiccup: Hop = (input) => ({ ...straight(input), headersAt: input.headersAt + 35 });
    const trace = traceOf({ kind: "header-hold" }, { bad: hiccup });
    const found = (allCases: CaseTrace[]): unknown[] => {
      const { facets, inconclusive } = judge({ ...trace, cases: allCases });
      return [...facets, ...inconclusive].flatMap((one) =>
        one.facet === "headers" ? [`${one.case} ${"observation" in one ? one.observation.member : "inconclusive"}`] : [],
      );
    };
    expect(found(trace.cases)).toEqual(["header-hold inconclusive"]);
    expect(found([...trace.cases, ...again(trace)])).toEqual(["header-hold held", "header-hold-again held"]);
    const straightNow = traceOf({ kind: "header-hold" }, { bad: straight });
    expect(found([...trace.cases, ...again(straightNow)])).toEqual(["header-hold-again prompt"]);
    const next = nextCases({ kind: "header-hold" }, { request: {}, response: {}, epsilonMs: 5, limitMs: null }, trace.cases, {
      epsilonMs: 5,
      facets: [],
      inconclusive: [],
    });
    expect(next.map(({ id }) => id)).toEqual(["header-hold-again"]);
  });

  it("by much is a timer in the first attempt", () => {
    expect(deliveryIn(seen(110))).toEqual(["paced batched"]);
  });
});

it("finds lagging although two records of one size deviate by 12 ms", () => {
  const bad: Hop = (i) => {
    const f = after(1)(i);
    return { ...f, progress: f.progress.map(([t, b], n): [number, number] => [t + (n === 2 || n === 5 ? 12 : 0), b]) };
  };
  expect(
    judge(traceOf({ kind: "paced" }, { bad }, { confirmed: false })).facets.find(({ facet }) => facet === "delivery")?.observation.member,
  ).toBe("lagging");
});
// 7
