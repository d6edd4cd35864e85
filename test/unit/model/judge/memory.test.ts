// From samples to the facet: what each hop needed, and why some are not checked. And which bodies follow from that.
import { expect, test } from "vitest";
import { judge } from "../../../../harness/model/judge/judge.ts";
import { decide } from "../../../../harness/model/outcome.ts";
import type { HopSamples, SampleProblem } from "../../../../harness/model/samples.ts";
import type { Case } from "../../../../harness/model/script.ts";
import { nextCases } from "../../../../harness/model/sequels.ts";
import { firstCases } from "../../../../harness/model/first-cases.ts";
import type { CaseTrace, Trace } from "../../../../harness/model/trace.ts";
import type { Scenario, Trial } from "../../../../harness/define.ts";
import { straight, traceOf } from "./traces.ts";

const trial: Trial = { kind: "memory" };
const circumstances = { request: {}, response: {}, epsilonMs: 5, limitMs: null };

/** What a hop has resident above idle for a body, in bytes; or why that is not known. */
type Needs = (bodyBytes: number, reader: "fast" | "slow") => number | SampleProblem;

const buffers: Needs = () => 400_000;
const holds: Needs = (bodyBytes) => 1.2 * bodyBytes;
const readsOn: Needs = (bodyBytes, reader) => (reader === "slow" ? bodyBytes : 400_000);
const undecided: Needs = (bodyBytes) => 0.8 * bodyBytes * (bodyBytes > 100_000_000 ? 0.75 : 1);

const idleKb = 50_000;

const sampledOf = (hop: string, needs: Needs, { script, clients }: Case): HopSamples => {
  const bytes = script.body.recordBytes.reduce((sum, one) => sum + one, 0);
  const needed = needs(bytes, clients[0]?.stall ? "slow" : "fast");
  if (typeof needed === "string") return { hop, at: [-1, 100], problems: [{ kind: "memory", problem: needed }] };
  const peakKb = idleKb + Math.round(needed / 1024);
  return { hop, at: [-1, 100], residentKb: [idleKb, peakKb], memory: [{ pid: hop.length, idleKb, peakKb }], problems: [] };
};

const seenOf = (cases: Case[], hops: Record<string, Needs>): Trace => {
  const trace = traceOf(trial, Object.fromEntries(Object.keys(hops).map((hop) => [hop, straight])), { cases });
  return {
    ...trace,
    cases: trace.cases.map((one): CaseTrace => ({
      ...one,
      samples: Object.entries(hops).map(([hop, needs]) => sampledOf(hop, needs, one.case)),
      clients: one.clients.map((client) => ({ ...client, recordsAt: one.case.script.body.recordBytes.map((_, at) => at) })),
    })),
  };
};

/** As a run goes on: until no case follows. */
const runOf = (hops: Record<string, Needs>, first = trial): Trace => {
  const cases = firstCases(first, circumstances);
  for (;;) {
    const trace = seenOf(cases, hops);
    const next = nextCases(first, circumstances, trace.cases, { epsilonMs: 5, ...judge(trace) });
    if (next.length === 0) return trace;
    cases.push(...next);
  }
};

const idsOf = ({ cases }: Trace): string[] => cases.map(({ case: { id } }) => id);
const shownIn = (trace: Trace) =>
  judge(trace).facets.map(({ facet, case: id, observation, culprit }) => [facet, id, observation.member, culprit]);

test("hops that need their buffers are bounded, and no larger body follows", () => {
  const trace = runOf({ inner: buffers, edge: buffers });
  expect(idsOf(trace)).toEqual(["small-body", "memory-fast-50000000", "memory-slow-50000000"]);
  expect(shownIn(trace)).toEqual([
    ["memory", "memory-fast-50000000", "bounded", null],
    ["memory", "memory-slow-50000000", "bounded", null],
  ]);
  expect(judge(trace).facets[0]?.evidence).toContain("at most 0.4 MiB more than idle (48.8 MiB) for a body of 50 MB");
});

test.for(["inner", "edge"])("the hop that holds the body is the culprit: %s", (which) => {
  const trace = runOf({ inner: buffers, edge: buffers, [which]: holds });
  expect(idsOf(trace).at(-1)).toBe("memory-slow-200000000");
  expect(shownIn(trace)).toEqual([
    ["memory", "memory-fast-200000000", "grows", which],
    ["memory", "memory-slow-200000000", "grows", which],
  ]);
});

test("of two that hold it, the one nearer the origin", () => {
  expect(shownIn(runOf({ inner: holds, edge: holds }))[0]).toEqual(["memory", "memory-fast-200000000", "grows", "inner"]);
});

test("a hop that reads on grows with the slow reader only", () => {
  expect(shownIn(runOf({ edge: readsOn }))).toEqual([
    ["memory", "memory-fast-50000000", "bounded", null],
    ["memory", "memory-slow-200000000", "grows", "edge"],
  ]);
});

test("what is neither is inconclusive, and another attempt may decide", () => {
  const { facets, inconclusive } = judge(runOf({ edge: undecided }));
  expect(facets).toEqual([]);
  expect(inconclusive[0]).toMatchObject({ facet: "memory", case: "memory-fast-200000000", byMachine: true });
  expect(inconclusive[0]?.why).toContain("edge had 60 % of a body of 200 MB resident, and grew by 40 % of what was added");
});

test.for<SampleProblem>(["not-supported", "not-permitted", "processes-unknown", "processes-changed"])(
  "a hop that could not be sampled is not checked: %s",
  (problem) => {
    const { facets, inconclusive } = judge(runOf({ inner: buffers, edge: () => problem }));
    expect(facets).toEqual([]);
    expect(inconclusive.map(({ facet, notChecked }) => [facet, notChecked])).toEqual([
      ["memory", problem],
      ["memory", problem],
    ]);
    expect(inconclusive[0]?.why).toMatch(/^not checked: edge: /);
  },
);

test("other processes than at first are not checked: their idle memory is not known", () => {
  const trace = runOf({ edge: buffers });
  const last = trace.cases.at(-1)?.samples?.[0];
  for (const one of last?.memory ?? []) one.pid += 1;
  expect(judge(trace).inconclusive.map(({ notChecked }) => notChecked)).toEqual(["processes-changed"]);
});

test("one hop that grows fails the chain, though another was not checked", () => {
  expect(shownIn(runOf({ inner: () => "not-permitted", edge: holds }))[0]).toEqual(["memory", "memory-fast-200000000", "grows", "edge"]);
});

test("of a response that was cut, memory says nothing", () => {
  const trace = runOf({ edge: buffers });
  for (const { clients } of trace.cases) for (const client of clients) client.recordsAt.pop();
  const { facets, inconclusive } = judge(trace);
  expect(facets).toEqual([]);
  expect(inconclusive[0]?.why).toContain("the response was not complete");
});

test("the first body may be smaller, and is doubled up to 200 MB", () => {
  const trace = runOf({ edge: holds }, { kind: "memory", bodyBytes: 10_000_000 });
  expect(idsOf(trace).filter((id) => id.includes("fast"))).toEqual([10, 20, 40, 80, 160, 320].map((size) => `memory-fast-${size}000000`));
});

test("a scenario decides on it", () => {
  const scenario: Scenario = { title: "", chain: [{ app: "sse" }, "edge"], trial, must: { memory: "bounded" } };
  const decided = decide(scenario, judge(runOf({ edge: holds })));
  expect(decided).toMatchObject({ outcome: "fail", headline: "grows", culprit: "edge" });
  expect(decided.why).toMatch(/^must memory: bounded, but edge needs memory in proportion to the body: 228\.9 MiB more than idle/);
  expect(decide(scenario, judge(runOf({ edge: buffers })))).toMatchObject({ outcome: "pass", headline: "bounded" });
  expect(decide(scenario, judge(runOf({ edge: () => "not-permitted" })))).toMatchObject({ outcome: "inconclusive" });
});

test("every case asks for samples of every server, and records little", () => {
  for (const { samples, keepBytes } of firstCases(trial, circumstances)) {
    expect(samples).toMatchObject({ on: null, kinds: expect.arrayContaining(["memory"]) });
    expect(keepBytes).toBeLessThan(1_000_000);
  }
});
