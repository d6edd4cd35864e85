// Traces of real mutants, recorded by `npm run mutants -- --record`: what a change of a rule does to them is seen at once.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { judge } from "../../../harness/model/judge/judge.ts";
import { nextArms } from "../../../harness/model/sequels.ts";
import { againOf } from "../../../harness/model/sweep.ts";
import type { ArmTrace, Trace } from "../../../harness/model/trace.ts";
import { expectations } from "../../e2e/mutants/table.ts";

const folder = join(import.meta.dirname, "../../traces");
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

describe("judge, on recorded traces", () => {
  it("has one of every mutant", () => {
    expect(files.map((name) => name.replace(/-2-of-4\.json$/, "")).toSorted()).toEqual(expectations.map(({ mutant }) => mutant).toSorted());
  });

  it.each(files)("%s", (name) => {
    const trace = JSON.parse(readFileSync(join(folder, name), "utf8")) as Trace;
    const expected = expectations.find(({ mutant }) => name === `${mutant}-2-of-4.json`);
    const accused = judge(trace).facets.filter(({ culprit }) => culprit !== null && culprit !== "origin");
    expect(new Set(accused.map(({ facet, culprit }) => `${facet} ${culprit}`))).toEqual(
      new Set([`${expected?.facet} ${expected?.mutant}`]),
    );
    expect(accused.map(({ finding }) => finding.member)).toContain(expected?.member);
  });
});

// Recorded by `npm run soak -- 6 --stalls 500`: all processes stood still in the middle of the heartbeats.
describe("a limit, told on a machine that stood still", () => {
  const read = (name: string): Trace => JSON.parse(readFileSync(join(folder, "stalled", name), "utf8")) as Trace;

  it("is one of silence where the machine made the stream as silent as that", () => {
    const found = judge(read("cut-idle.json"));
    expect(found.limits).toMatchObject([{ kind: "idle-limit", culprit: "cut-idle" }]);
    expect(found.facets.filter(({ facet }) => facet === "ending")).toMatchObject([
      { arm: "silence", finding: { cause: "idle-limit" } },
      { arm: "heartbeats", finding: { cause: "idle-limit" } },
    ]);
  });

  it("stays unclassified where the two ages differ by the machine's doing, and both are played once more", () => {
    const trace = read("cut-total.json");
    const { limits, facets } = judge(trace);
    expect(limits[0]).toMatchObject({ kind: "limit-unclassified", culprit: "cut-total" });
    const circumstances = { request: {}, response: {}, epsilonMs: 5, limitMs: null };
    const next = nextArms({ kind: "silence" }, circumstances, trace.arms, { epsilonMs: 5, facets });
    expect(next.map(({ id }) => id)).toEqual(["silence-again", "heartbeats-again"]);
    expect(
      nextArms({ kind: "silence" }, circumstances, [...trace.arms, ...next.map((arm) => ({ ...(trace.arms[0] as ArmTrace), arm }))], {
        epsilonMs: 5,
        facets,
      }),
    ).toEqual([]);
  });

  it("is known for both playings once the second has told it", () => {
    const trace = read("cut-total.json");
    const calm = JSON.parse(readFileSync(join(folder, "cut-total-2-of-4.json"), "utf8")) as Trace;
    const link = calm.nodes.indexOf("cut-total") - trace.nodes.indexOf("cut-total");
    const again = calm.arms.map((arm) => ({
      ...arm,
      arm: { ...arm.arm, id: againOf(arm.arm.id) },
      exchanges: arm.exchanges.map((exchange) => ({ ...exchange, link: exchange.link - link })),
    }));
    expect(judge({ ...trace, arms: [...trace.arms, ...again] }).limits).toMatchObject([{ kind: "total-limit", culprit: "cut-total" }]);
  });
});

// Recorded by `hopwise run` in the same way.
it("on a machine that stood still, too, is no lag where records of another size leave when a block is full", () => {
  const trace = JSON.parse(readFileSync(join(folder, "stalled/four-kilobytes.json"), "utf8")) as Trace;
  expect(judge(trace).facets.find(({ facet }) => facet === "delivery")).toMatchObject({
    culprit: "nginx",
    finding: { member: "batched", by: "bytes" },
  });
});

// Recorded by `npm run soak`: every core was kept busy, and the hop was told of its write 52 ms after it.
it("a drop that follows a write after more than a second of nothing came of the write", () => {
  const { facets } = judge(JSON.parse(readFileSync(join(folder, "stalled", "keep-upstream.json"), "utf8")) as Trace);
  const found = facets.filter(({ facet, culprit }) => facet === "disconnect" && culprit !== null);
  expect(new Set(found.map(({ finding, culprit }) => `${finding.member} ${culprit}`))).toEqual(
    new Set(["on-next-write keep-upstream-until-write"]),
  );
});

// Recorded by `npm run soak` with bursts of work in front of everybody else's besides: the pipe waited 84 ms for a processor.
it("a drop is not by a write that came while the hop waited for a processor", () => {
  const { facets, undecided } = judge(JSON.parse(readFileSync(join(folder, "stalled", "until-write.json"), "utf8")) as Trace);
  expect(facets.filter(({ facet }) => facet === "disconnect")).toEqual([]);
  expect(undecided).toMatchObject([
    { facet: "disconnect", why: expect.stringMatching(/^http-pipe: it dropped its upstream 86\.8 ms after/) },
  ]);
});
