// A saved trace as a report: judged again, without a requirement. What is wrong on it is shown as a failure. Pure.
import type { TrialKind } from "../define.ts";
import type { CaseRole } from "../model/case-identity.ts";
import { judge } from "../model/judge/judge.ts";
import { headlineOf } from "../model/outcome.ts";
import { conditionsOf } from "../model/conditions.ts";
import type { Trace } from "../model/trace.ts";
import { decisiveOf } from "./decisive.ts";
import type { Report, ScenarioReport } from "./report.ts";
import { caseReport } from "./scenario-report.ts";

const trialOf: Record<CaseRole, TrialKind | "watch"> = {
  "lock-step": "lock-step",
  paced: "paced",
  "header-hold": "header-hold",
  "first-byte-wait": "first-byte-wait",
  silence: "silence",
  flow: "silence",
  heartbeats: "silence",
  abort: "origin-abort",
  failing: "origin-failing",
  answering: "origin-failing",
  leave: "client-leaving",
  stall: "client-stalling",
  "late-joiner": "late-joiner",
  head: "bodyless",
  status: "bodyless",
  queue: "starvation",
  reload: "reload",
  memory: "memory",
  "small-body": "memory",
  watch: "watch",
};

export interface SavedTraceFile {
  name: string;
  trace: Trace;
}

export const traceReport = (files: readonly SavedTraceFile[], about: Pick<Report, "tool" | "machine" | "startedAt">): Report | null => {
  const [first] = files;
  if (!first) return null;
  return {
    schema: "hopwise.report/1",
    ...about,
    runtime: first.trace.runtime,
    versions: {},
    timeScale: first.trace.timeScale,
    control: first.trace.control,
    interrupted: false,
    shard: null,
    parts: [],
    tookMs: 0,
    scenarios: files.map(scenarioOf),
  };
};

const scenarioOf = ({ name, trace }: SavedTraceFile): ScenarioReport => {
  const { facets, inconclusive, limits } = judge(trace);
  const shown = facets.find(({ culprit }) => culprit !== null) ?? facets[0] ?? null;
  const [first] = trace.cases;
  const request = first?.case.clients[0];
  const spoken = new Set(trace.cases.flatMap(({ case: { clients } }) => clients.map(({ protocol }) => protocol)));
  const protocols = spoken.size === 1 && spoken.has("h1") ? [] : [...spoken];
  return {
    id: name,
    file: null,
    title: first?.case.title ?? name,
    kind: "requirement",
    chain: trace.nodes,
    trial: first ? trialOf[first.case.role] : "watch",
    request: {
      method: request?.method ?? "GET",
      version: request?.version ?? "1.1",
      acceptEncoding: request?.acceptEncoding ?? null,
      ...(protocols.length === 0 ? {} : { clients: protocols.join(" | ") }),
    },
    expected: {},
    because: null,
    fixedBy: null,
    outcome: trace.harnessFault !== null ? "harness-fault" : shown === null ? "inconclusive" : shown.culprit === null ? "pass" : "fail",
    headline: shown ? headlineOf(shown) : "not-judged",
    culprit: shown?.culprit ?? null,
    decisive: decisiveOf(shown),
    why: trace.harnessFault ?? shown?.evidence ?? inconclusive[0]?.why ?? "nothing was recorded that could be judged",
    facets,
    inconclusive,
    limits,
    conditions: conditionsOf(
      facets,
      trace.cases.map(({ case: trialCase }) => trialCase),
    ),
    cases: trace.cases.map((one) => caseReport(trace, one)),
    tookMs: 0,
    reproduce: null,
    ...(trace.timeScale > 1 ? { timeScale: trace.timeScale } : {}),
    baseline: null,
  };
};
