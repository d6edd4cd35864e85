// A stream that flows beside a silence: what it says of why either was cut.
import { describe, expect, it } from "vitest";
import { judge } from "../../../../harness/model/judge/judge.ts";
import type { CaseTrace, Trace } from "../../../../harness/model/trace.ts";
import { nextCases } from "../../../../harness/model/sequels.ts";
import { firstCases } from "../../../../harness/model/first-cases.ts";
import { straight, traceOf } from "./traces.ts";

const trial = { kind: "silence", silentMs: 6000, flowMs: 6900 } as const;
const circumstances = { request: {}, response: {}, epsilonMs: 5, limitMs: null };
const whole = traceOf(trial, { bad: straight }, { confirmed: false });

/** The hop ends both of its connections then. */
const cutAt = (trialCase: CaseTrace, atMs: number): CaseTrace => {
  const writes = (trialCase.origin[0]?.writes ?? []).filter(({ at }) => at < atMs);
  return {
    ...trialCase,
    endedAt: atMs + 1,
    origin: trialCase.origin.map((one) => ({ ...one, writes, endedAt: null, gone: { at: atMs, how: "fin" as const } })),
    exchanges: trialCase.exchanges.map((exchange) => ({
      ...exchange,
      end: { at: atMs, kind: exchange.link === 1 ? ("cut-by-fin" as const) : ("open" as const), codingComplete: null },
      progress: exchange.progress.filter(([at]) => at < atMs),
      records: exchange.records.map((at) => (at !== null && at < atMs ? at : null)),
      closings: [{ at: atMs, by: exchange.link === 1 ? ("upstream" as const) : ("downstream" as const), how: "fin" as const }],
    })),
  };
};

const cut = (cuts: Record<string, number>): Trace => ({
  ...whole,
  cases: whole.cases.map((trialCase) =>
    cuts[trialCase.case.id] === undefined ? trialCase : cutAt(trialCase, cuts[trialCase.case.id] as number),
  ),
});

const limits = (cuts: Record<string, number>): string[] =>
  judge(cut(cuts)).limits.map(({ kind, ms, culprit }) => `${kind} ${Math.round(ms / 100) / 10} ${culprit}`);

describe("a stream that flows beside a silence", () => {
  it("runs at the same time, and is never silent for long", () => {
    const [silence, flow, ...others] = firstCases(trial, circumstances);
    expect([silence?.id, flow?.id, others]).toEqual(["silence", "flow", []]);
    const [write] = flow?.script.steps.filter((step) => step.do === "write") ?? [];
    if (write?.do !== "write") expect.fail("it writes nothing");
    expect(write.everyMs).toBeLessThan(400);
    expect((write.records - 1) * write.everyMs).toBeGreaterThanOrEqual(6900);
  });

  it("is as long by the server's clock", () => {
    const [, flow] = firstCases({ ...trial, silentMs: 97_000, flowMs: 111_550 }, { ...circumstances, timeScale: 30 });
    const [write] = flow?.script.steps.filter((step) => step.do === "write") ?? [];
    if (write?.do !== "write") expect.fail("it writes nothing");
    expect((write.records - 1) * write.everyMs * 30).toBeGreaterThanOrEqual(111_550);
    expect((write.records - 1) * write.everyMs * 30).toBeLessThan(120_000);
  });

  it.each<[what: string, cuts: Record<string, number>, found: string[]]>([
    ["neither is cut", {}, []],
    ["only silence is cut", { silence: 3000 }, ["idle-timeout 3 bad"]],
    ["both are cut at the same age", { silence: 3000, flow: 3010 }, ["total-timeout 3 bad"]],
    ["the stream is cut later", { silence: 3000, flow: 5000 }, ["idle-timeout 3 bad", "total-timeout 5 bad"]],
    // It may count what passes.
    ["silence outlives it", { flow: 5000 }, ["unclassified 0.1 bad"]],
    ["the stream's own gaps were too long", { silence: 150, flow: 150 }, ["unclassified 0.1 bad"]],
  ])("where %s", (_, cuts, found) => {
    expect(limits(cuts)).toEqual(found);
  });

  it("replaces the heartbeats, unless it was cut too early to show anything", () => {
    const next = (cuts: Record<string, number>): string[] =>
      nextCases(trial, circumstances, cut(cuts).cases, { epsilonMs: 5, ...judge(cut(cuts)) }).map(({ id }) => id);
    expect(next({})).toEqual([]);
    expect(next({ silence: 3000 })).toEqual([]);
    expect(next({ silence: 3000, flow: 3010 })).toEqual([]);
    expect(next({ silence: 150, flow: 150 })).toEqual(["heartbeats"]);
  });
});
