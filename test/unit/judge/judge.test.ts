import { describe, expect, it } from "vitest";
import { judge } from "../../../harness/model/judge/judge.ts";
import { againOf } from "../../../harness/model/sweep.ts";
import type { ArmTrace, Trace } from "../../../harness/model/trace.ts";
import { nextArms } from "../../../harness/model/sequels.ts";
import type { Facet } from "../../../harness/model/verdict.ts";
import type { Trial } from "../../../harness/define.ts";
import { behind, cleanEnd, cork, holdAll, holdHeaders, releaseEvery, straight, traceOf } from "./traces.ts";
import type { Hop } from "./traces.ts";

const lockStep: Trial = { kind: "lock-step" };
const paced: Trial = { kind: "paced" };

/** The deviating facets, as `facet member culprit`. */
const deviations = (facets: readonly Facet[]): string[] =>
  facets.filter(({ culprit }) => culprit !== null).map(({ facet, finding, culprit }) => `${facet} ${finding.member} ${culprit}`);

const cases: [name: string, trial: Trial, hop: Hop, expected: string[]][] = [
  ["a straight pipe", lockStep, straight, []],
  ["a straight pipe, paced", paced, straight, []],
  ["a hop that holds everything, flooded", lockStep, holdAll, ["delivery buffered bad"]],
  ["a hop that holds everything, paced", paced, holdAll, ["delivery buffered bad"]],
  ["a hop that releases every 4096 bytes", lockStep, releaseEvery(4096), ["delivery batched bad"]],
  ["a hop that releases every 4096 bytes, small records only", paced, releaseEvery(4096), ["delivery buffered bad"]],
  ["a hop that releases every 256 bytes", paced, releaseEvery(256), ["delivery batched bad"]],
  ["a hop one record behind", lockStep, behind(1), ["delivery lagging bad"]],
  ["a hop two records behind", paced, behind(2), ["delivery lagging bad"]],
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
    expect(deviations(facets)).toEqual(["ending incomplete-silent bad"]);
  });

  it("blames the origin for an abort that every hop passes on", () => {
    const { facets } = judge(traceOf({ kind: "origin-abort", how: ["reset"] }, { a: straight, b: straight }));
    expect(deviations(facets)).toEqual(["ending incomplete-visible origin"]);
  });

  it("judges a hop against its own input: what comes behind a hop that holds is masked", () => {
    const { facets } = judge(traceOf(lockStep, { bad: holdAll, innocent: releaseEvery(4096) }));
    const delivery = facets.find(({ facet }) => facet === "delivery");
    expect(delivery?.culprit).toBe("bad");
    expect(delivery?.hops[1]).toMatchObject({ hop: "innocent", masked: true });
  });

  it("does not decide when the machine is too slow for the gaps", () => {
    const verdict = judge(traceOf(lockStep, { bad: behind(1) }, { p99Ms: 40 }));
    expect(verdict.facets.filter(({ facet }) => facet === "delivery")).toEqual([]);
    expect(verdict.undecided[0]?.why).toMatch(/at the input of bad is under four times/);
    expect(verdict.undecided[0]?.byMachine).toBe(true);
  });

  it("names the quantum of a hop that batches", () => {
    const { facets } = judge(traceOf(paced, { bad: releaseEvery(256) }));
    const finding = facets.find(({ facet }) => facet === "delivery")?.finding;
    expect(finding).toMatchObject({ member: "batched", by: "bytes" });
    if (finding && "atMostBytes" in finding) {
      expect(finding.atLeastBytes).toBeLessThanOrEqual(256);
      expect(finding.atMostBytes).toBeGreaterThanOrEqual(256);
    }
  });

  it("names the timer of a hop that corks", () => {
    const finding = judge(traceOf(paced, { bad: cork(230) })).facets.find(({ facet }) => facet === "delivery")?.finding;
    expect(finding).toMatchObject({ by: "timer" });
    if (finding && "timerMs" in finding) expect(finding.timerMs).toBeCloseTo(230, -1);
  });
});

describe("each record a little late", () => {
  const byMs =
    (lateMs: number): Hop =>
    (input) => ({ ...straight(input), progress: input.progress.map(([at, bytes]) => [at + lateMs, bytes]) });
  const seen = (lateMs: number): Trace => traceOf(paced, { bad: byMs(lateMs) });
  const again = (trace: Trace): ArmTrace[] => trace.arms.map((one) => ({ ...one, arm: { ...one.arm, id: againOf(one.arm.id) } }));
  const deliveryIn = (trace: Trace): unknown[] => [
    ...judge(trace).facets.flatMap(({ facet, arm, finding }) => (facet === "delivery" ? [`${arm} ${finding.member}`] : [])),
    ...judge(trace).undecided.flatMap(({ facet, arm, byMachine }) => (facet === "delivery" && byMachine ? [`${arm} undecided`] : [])),
  ];

  it("once is no verdict, and is played once more", () => {
    const trace = seen(19);
    expect(deliveryIn(trace)).toEqual(["paced undecided"]);
    const arms = trace.arms.map((one) => ({
      ...one,
      origin: one.origin.map((own) => ({ ...own, unacknowledged: null })),
      clients: one.clients.map((client) => ({ ...client, recordsAt: one.origin[0]?.writes.map(({ at }) => at + 19) ?? [] })),
    }));
    const circumstances = { request: {}, response: {}, epsilonMs: 5, limitMs: null };
    const next = nextArms(paced, circumstances, arms, { epsilonMs: 5, facets: [] });
    expect(next.map(({ id }) => id)).toEqual(["paced-again"]);
    // What was plain when it was planned may not be so any more when it is judged.
    const plain = arms.map((one) => ({
      ...one,
      clients: one.clients.map((client) => ({ ...client, recordsAt: client.recordsAt.map((at) => at + 332) })),
    }));
    expect(nextArms(paced, circumstances, plain, { epsilonMs: 5, facets: [] })).toEqual([]);
    expect(nextArms(paced, circumstances, plain, { epsilonMs: 18, facets: [] }).map(({ id }) => id)).toEqual(["paced-again"]);
    expect(nextArms(paced, circumstances, [...arms, ...again(trace)], { epsilonMs: 5, facets: [] })).toEqual([]);
  });

  it("twice is a timer", () => {
    const trace = seen(19);
    expect(deliveryIn({ ...trace, arms: [...trace.arms, ...again(trace)] })).toEqual(["paced batched", "paced-again batched"]);
  });

  it("and then no more was the machine's", () => {
    const trace = seen(19);
    const straightNow = traceOf(paced, { bad: straight });
    expect(deliveryIn({ ...trace, arms: [...trace.arms, ...again(straightNow)] })).toEqual(["paced-again incremental"]);
    expect(deliveryIn({ ...trace, arms: [...straightNow.arms, ...again(trace)] })).toEqual(["paced incremental"]);
  });

  it("is told of a header section in the same way", () => {
    const hiccup: Hop = (input) => ({ ...straight(input), headersAt: input.headersAt + 35 });
    const trace = traceOf({ kind: "header-hold" }, { bad: hiccup });
    const told = (arms: ArmTrace[]): unknown[] => {
      const { facets, undecided } = judge({ ...trace, arms });
      return [...facets, ...undecided].flatMap((one) =>
        one.facet === "headers" ? [`${one.arm} ${"finding" in one ? one.finding.member : "undecided"}`] : [],
      );
    };
    expect(told(trace.arms)).toEqual(["header-hold undecided"]);
    expect(told([...trace.arms, ...again(trace)])).toEqual(["header-hold held", "header-hold-again held"]);
    const straightNow = traceOf({ kind: "header-hold" }, { bad: straight });
    expect(told([...trace.arms, ...again(straightNow)])).toEqual(["header-hold-again prompt"]);
    const next = nextArms({ kind: "header-hold" }, { request: {}, response: {}, epsilonMs: 5, limitMs: null }, trace.arms, {
      epsilonMs: 5,
      facets: [],
    });
    expect(next.map(({ id }) => id)).toEqual(["header-hold-again"]);
  });

  it("by much is a timer at once", () => {
    expect(deliveryIn(seen(110))).toEqual(["paced batched"]);
  });
});

it("tells lagging although two records of one size strayed by 12 ms", () => {
  const bad: Hop = (i) => {
    const f = behind(1)(i);
    return { ...f, progress: f.progress.map(([t, b], n): [number, number] => [t + (n === 2 || n === 5 ? 12 : 0), b]) };
  };
  expect(
    judge(traceOf({ kind: "paced" }, { bad }, { confirmed: false })).facets.find(({ facet }) => facet === "delivery")?.finding.member,
  ).toBe("lagging");
});
// 7
