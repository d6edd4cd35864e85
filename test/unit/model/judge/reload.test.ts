// A response that was cut after a reload: of the hop that was reloaded, and of no other.
import { expect, test } from "vitest";
import { judge } from "../../../../harness/model/judge/judge.ts";
import type { Trace } from "../../../../harness/model/trace.ts";
import { straight, traceOf } from "./traces.ts";
import type { Hop } from "./traces.ts";

const cutAt =
  (at: number): Hop =>
  (input) => {
    const { headersAt, progress } = straight(input);
    return { headersAt, progress: progress.filter(([came]) => came < at), end: { at, kind: "cut-by-fin", codingComplete: null } };
  };

const reloaded = (on: string, at: number, cutting: Hop = cutAt(3000), timeScale = 1): Trace => {
  const trace = traceOf({ kind: "reload" }, { inner: straight, edge: cutting });
  return { ...trace, timeScale, cases: trace.cases.map((one) => ({ ...one, actions: [{ do: "reload", on, at }] })) };
};

const endingOf = (trace: Trace) => judge(trace).facets.find(({ facet }) => facet === "ending");

test("is the reload's, with the time since then", () => {
  expect(endingOf(reloaded("edge", 1000))).toMatchObject({
    culprit: "edge",
    observation: { member: "truncated-visibly", cause: "reload", afterMs: 2000 },
    evidence: expect.stringContaining("after 2000 ms, counted from its reload"),
  });
});

test("is by the server's clock where that runs faster", () => {
  expect(endingOf(reloaded("edge", 1500, cutAt(3000), 20))).toMatchObject({ observation: { cause: "reload", afterMs: 30_000 } });
});

test.for<[what: string, on: string, at: number]>([
  ["another hop was reloaded", "inner", 1000],
  ["it was reloaded later", "edge", 3500],
])("is not the reload's if %s", ([, on, at]) => {
  const ending = endingOf(reloaded(on, at));
  expect(ending).toMatchObject({ culprit: "edge", observation: { member: "truncated-visibly" } });
  expect(ending?.observation).not.toMatchObject({ cause: "reload" });
});

test("a stream that goes on is complete", () => {
  expect(endingOf(reloaded("edge", 1000, straight))).toMatchObject({ culprit: null, observation: { member: "complete" } });
});
