// Meaning travels in types: with every sentence replaced by "x", verdicts, outcomes and further cases stay as they are.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { Scenario, Trial } from "../../../../harness/define.ts";
import { judge } from "../../../../harness/model/judge/judge.ts";
import { decide } from "../../../../harness/model/outcome.ts";
import type { Judged } from "../../../../harness/model/outcome.ts";
import { nextCases } from "../../../../harness/model/sequels.ts";
import { conditionsOf } from "../../../../harness/model/conditions.ts";
import type { Trace } from "../../../../harness/model/trace.ts";
import type { Verdict } from "../../../../harness/model/verdict.ts";
import { savedTraceOf, sourcesThere, traceLines } from "../../../golden/archive.ts";
import { savedTrace } from "../../../_saved-trace.ts";

const sentences = vi.hoisted(() => ({ areReplaced: false }));

vi.mock(import("../../../../harness/model/judge/evidence.ts"), async (original) => {
  const { evidenceOf } = await original();
  return { evidenceOf: (facet) => (sentences.areReplaced ? "x" : evidenceOf(facet)) };
});

/** What only people read. */
const read = new Set(["evidence", "why", "what", "how", "detail", "words"]);

/** The same value without its sentences. Of `how` and `what`, those that are codes are lost, too, but not what follows from them. */
const withoutSentences = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value, (key, one: unknown) => (read.has(key) && typeof one === "string" ? "x" : one))) as T;

/** A trace whose own sentences are replaced. */
const mute = (trace: Trace): Trace => ({
  ...trace,
  cases: trace.cases.map((trialCase) => ({
    ...trialCase,
    case: { ...trialCase.case, title: "x" },
    exchanges: trialCase.exchanges.map((exchange) => ({
      ...exchange,
      problems: exchange.problems.map(({ code }) => ({ code, words: "x" })),
    })),
  })),
});

const trials: Trial[] = [{ kind: "silence" }, { kind: "lock-step" }, { kind: "paced" }, { kind: "header-hold" }];
const circumstances = { request: {}, response: {}, epsilonMs: 5, limitMs: null };

const scenarios = (verdict: Verdict): Scenario[] => {
  const base = { title: "x", chain: [{ app: "sse" }, "x"], trial: { kind: "silence", silentMs: 100 } } satisfies Omit<Scenario, "must">;
  const must = {
    deliver: "incrementally",
    headers: "promptly",
    end: "complete",
    surviveSilenceMs: 100,
    source: "origin",
    integrity: "intact",
    noticeDisconnectWithinMs: 1000,
  } as const;
  const requirements = (Object.keys(must) as (keyof typeof must)[]).map((key): Scenario => ({ ...base, must: { [key]: must[key] } }));
  const characterizations = verdict.facets.flatMap(({ facet, observation }): Scenario[] =>
    facet === "delivery" ? [{ ...base, does: { deliver: observation.member }, because: "x" }] : [],
  );
  return [...requirements, ...characterizations];
};

const decided = (verdict: Verdict): Omit<Judged, "why">[] =>
  scenarios(verdict).map((scenario) => withoutSentences(decide(scenario, verdict)));

const nextIds = (trace: Trace, { facets, inconclusive }: Verdict): string[][] =>
  trials.map((trial) => nextCases(trial, circumstances, trace.cases, { epsilonMs: 5, facets, inconclusive }).map(({ id }) => id));

/** All that follows from a trace, but its sentences. */
const whatFollows = (trace: Trace, verdict: Verdict): unknown => ({
  verdict: withoutSentences(verdict),
  outcomes: decided(verdict),
  next: nextIds(trace, verdict),
  conditions: conditionsOf(
    verdict.facets,
    trace.cases.map((one) => one.case),
  ),
});

const judgeMute = (trace: Trace): Verdict => {
  sentences.areReplaced = true;
  try {
    return withoutSentences(judge(mute(trace)));
  } finally {
    sentences.areReplaced = false;
  }
};

const same = (trace: Trace): void =>
  expect(whatFollows(mute(trace), judgeMute(trace))).toEqual(JSON.parse(JSON.stringify(whatFollows(trace, judge(trace)))));

const folder = join(import.meta.dirname, "../../../traces");
const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"));

it.each(files)("%s gives the same results without its sentences", (name) => same(savedTrace(name)));

describe("the golden set", () => {
  const everyNth = 20;
  const lines: string[] = [];
  beforeAll(async () => {
    for (const source of await sourcesThere()) lines.push(...(await traceLines(source)).filter((_, index) => index % everyNth === 0));
  });

  it("gives the same results without its sentences", () => {
    expect(lines.length).toBeGreaterThan(100);
    for (const line of lines) same(savedTraceOf(line).trace);
  });
});
