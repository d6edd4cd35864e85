// Builds the report of a scenario from its trace. Pure.
import type { Axis, Scenario } from "../define.ts";
import { judge } from "../model/judge/judge.ts";
import { decide } from "../model/outcome.ts";
import { testableIn } from "../model/requirement.ts";
import type { Verdict } from "../model/verdict.ts";
import { definitionOf } from "../trials/index.ts";
import { conditionsOf } from "../model/conditions.ts";
import type { Outcome } from "../model/outcome.ts";
import type { Closing } from "../model/recording.ts";
import { isOfFirstClient } from "../model/request-id.ts";
import type { CaseTrace, Exchange, Link, Trace } from "../model/trace.ts";
import { decisiveOf } from "./decisive.ts";
import { bytesOf, heldIn } from "./held.ts";
import { sampledIn } from "./sampled.ts";
import type { CaseReport, ConnectionReport, ScenarioReport } from "./report.ts";

interface Subject extends Pick<ScenarioReport, "file" | "reproduce"> {
  id: string;
  scenario: Scenario;
  chain: { words: string[]; application?: { url: string }; timeScale?: number };
}

export const scenarioReport = (subject: Subject, trace: Trace, tookMs: number, verdict: Verdict = judge(trace)): ScenarioReport => {
  const cases = trace.cases.map(({ case: trialCase }) => trialCase);
  const decided = decide(
    trace.origin === "application" && subject.file === null ? testableIn(subject.scenario, verdict) : subject.scenario,
    verdict,
    cases,
  );
  return {
    ...about(subject),
    outcome: trace.harnessFault === null ? decided.outcome : "harness-fault",
    headline: decided.headline,
    culprit: decided.culprit,
    decisive: trace.harnessFault === null ? decisiveOf(decided.facet) : null,
    why: trace.harnessFault ?? decided.why,
    facets: verdict.facets,
    inconclusive: verdict.inconclusive,
    limits: verdict.limits,
    conditions: conditionsOf(verdict.facets, cases),
    cases: trace.cases.map((trialCase) => caseReport(trace, trialCase)),
    tookMs: Math.round(tookMs),
  };
};

export const unjudgedReport = (subject: Subject, outcome: Outcome, why: string): ScenarioReport => ({
  ...about(subject),
  outcome,
  headline: "not-judged",
  culprit: null,
  decisive: null,
  why,
  facets: [],
  inconclusive: [],
  limits: [],
  conditions: [],
  cases: [],
  tookMs: 0,
});

/** For a requirement whose hop crashed in its own trial. */
export const crashedReport = (unjudged: ScenarioReport, hop: string): ScenarioReport => ({
  ...unjudged,
  outcome: "fail",
  headline: "crashed",
  culprit: hop,
});

const about = ({ id, file, reproduce, scenario, chain }: Subject) => ({
  id,
  file,
  title: scenario.title,
  kind: "must" in scenario ? ("requirement" as const) : ("characterization" as const),
  chain: chain.words,
  // An application is watched, not paced.
  trial: chain.application && definitionOf(scenario.trial).withoutScript === "watch" ? ("watch" as const) : scenario.trial.kind,
  request: {
    method: wordsOf(scenario.request?.method ?? "GET") ?? "GET",
    version: wordsOf(scenario.request?.version ?? "1.1") ?? "1.1",
    acceptEncoding: wordsOf(scenario.request?.acceptEncoding ?? null),
    ...(scenario.request?.clients === undefined ? {} : { clients: wordsOf(scenario.request.clients) ?? "h1" }),
  },
  expected: { ...("must" in scenario ? scenario.must : scenario.does) } as Record<string, string | number>,
  ...("when" in scenario && scenario.when !== undefined ? { when: scenario.when } : {}),
  because: "does" in scenario ? scenario.because : null,
  fixedBy: "does" in scenario ? (scenario.fixedBy ?? null) : null,
  reproduce,
  ...(chain.application === undefined ? {} : { application: chain.application.url }),
  ...(chain.timeScale === undefined ? {} : { timeScale: chain.timeScale }),
  baseline: null,
});

/** The values of a sweep, joined. */
const wordsOf = (axis: Axis<string | null>): string | null =>
  Array.isArray(axis) ? axis.map((value) => value ?? "none").join(" | ") : axis;

export const caseReport = (trace: Trace, trialCase: CaseTrace): CaseReport => {
  const since = sinceStart(trialCase);
  const own = trialCase.origin.find(isOfFirstClient);
  // Of a response that is counted only, the recorded beginning is no picture of the whole.
  const isRecorded = trialCase.case.keepBytes === undefined;
  const reported = (isRecorded ? trace.links : []).flatMap((link, index) => {
    const exchanges = trialCase.exchanges.filter((exchange) => exchange.link === index);
    const first = exchanges.findLast(({ client }) => client === 0 || client === null);
    return exchanges.map((exchange) => ({ link, exchange, isFirst: exchange === first }));
  });
  const held = heldIn(trace.links, trialCase);
  const sampled = sampledIn(trialCase);
  const others = reported
    .filter(({ isFirst }) => !isFirst)
    .map(({ link, exchange }) => ({
      ...connectionReport(link, exchange, since),
      client: (exchange.client ?? 0) + 1,
      requestedAtMs: since(exchange.request.at),
    }));
  return {
    id: trialCase.case.id,
    title: trialCase.case.title,
    point: trialCase.case.point,
    writtenAtMs: own?.writes.map(({ at }) => since(at)) ?? [],
    connections: reported.filter(({ isFirst }) => isFirst).map(({ link, exchange }) => connectionReport(link, exchange, since)),
    ...(others.length > 0 ? { others } : {}),
    ...(held.length > 0 ? { held } : {}),
    ...(isRecorded ? sentOf(trace, trialCase, since) : {}),
    ...(sampled.length > 0 ? { sampled } : {}),
  };
};

const sentOf = ({ links }: Trace, trialCase: CaseTrace, since: (at: number) => number): Pick<CaseReport, "sent"> => {
  const own = trialCase.origin.findLast(({ request }) => request?.client === 0);
  const exchange = trialCase.exchanges.findLast(({ link, client }) => link === 1 && client === 0);
  if (links[0]?.level !== "asked" || !own || !exchange) return {};
  const left = exchange.closings.find(({ by }) => by === "downstream");
  return {
    sent: {
      items: own.writes.at(-1)?.records ?? 0,
      framing: exchange.response?.framing ?? "none",
      chunks: exchange.chunks ?? null,
      reads: exchange.progress.length,
      noticed: (own.noticed ?? []).map(({ at, what }) => ({ atMs: since(at), what })),
      leftAtMs: left ? since(left.at) : null,
    },
  };
};

const sinceStart =
  ({ startedAt }: CaseTrace) =>
  (at: number): number =>
    Math.round((at - startedAt) * 100) / 100;

const connectionReport = (link: Link, exchange: Exchange, since: (at: number) => number): ConnectionReport => ({
  ...link,
  headersAtMs: exchange.response ? since(exchange.response.at) : null,
  recordsAtMs: exchange.records.map((at) => (at === null ? null : since(at))),
  ...(exchange.progress.length > 0 ? { bytes: bytesOf(exchange, since) } : {}),
  endedAtMs: exchange.end.kind === "open" ? null : since(exchange.end.at),
  end: exchange.end.kind,
  ...(exchange.closings.length > 0 ? { closings: exchange.closings.map(closingReport(since)) } : {}),
});

const closingReport =
  (since: (at: number) => number) =>
  ({ at, by, how, http2, http3, closeNotify }: Closing): NonNullable<ConnectionReport["closings"]>[number] => ({
    atMs: since(at),
    by: by === "upstream" ? "from" : "to",
    how,
    ...(http2 ? { http2 } : {}),
    ...(http3 ? { http3 } : {}),
    ...(closeNotify === undefined ? {} : { closeNotify }),
  });
