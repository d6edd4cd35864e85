// From a trace to what the report tells of its scenario. Pure.
import { askedOf, trialWord } from "../application.ts";
import type { ChainPlan } from "../chain.ts";
import type { Axis, Scenario } from "../define.ts";
import { judge } from "../model/judge/judge.ts";
import { decide } from "../model/outcome.ts";
import { conditionsOf } from "../model/sweep.ts";
import type { Outcome } from "../model/outcome.ts";
import type { Closing } from "../model/recording.ts";
import type { ArmTrace, Exchange, Link, Trace } from "../model/trace.ts";
import type { ArmReport, ConnectionReport, ScenarioReport } from "./report.ts";

interface Subject extends Pick<ScenarioReport, "file" | "reproduce"> {
  id: string;
  scenario: Scenario;
  chain: ChainPlan;
}

export const scenarioReport = (subject: Subject, trace: Trace, tookMs: number): ScenarioReport => {
  const verdict = judge(trace);
  const decided = decide(
    trace.origin === "application" && subject.file === null ? askedOf(subject.scenario, verdict) : subject.scenario,
    verdict,
  );
  return {
    ...about(subject),
    outcome: trace.harnessFault === null ? decided.outcome : "harness-fault",
    headline: decided.headline,
    culprit: decided.culprit,
    why: trace.harnessFault ?? decided.why,
    facets: verdict.facets,
    undecided: verdict.undecided,
    limits: verdict.limits,
    conditions: conditionsOf(
      verdict.facets,
      trace.arms.map(({ arm }) => arm),
    ),
    arms: trace.arms.map((arm) => armReport(trace, arm)),
    tookMs: Math.round(tookMs),
  };
};

export const unjudgedReport = (subject: Subject, outcome: Outcome, why: string): ScenarioReport => ({
  ...about(subject),
  outcome,
  headline: "not-judged",
  culprit: null,
  why,
  facets: [],
  undecided: [],
  limits: [],
  conditions: [],
  arms: [],
  tookMs: 0,
});

/** Of a requirement: a hop that had no other trial to die of. */
export const diedReport = (unjudged: ScenarioReport, hop: string): ScenarioReport => ({
  ...unjudged,
  outcome: "fail",
  headline: "died",
  culprit: hop,
});

const about = ({ id, file, reproduce, scenario, chain }: Subject) => ({
  id,
  file,
  title: scenario.title,
  kind: "must" in scenario ? ("requirement" as const) : ("characterization" as const),
  chain: chain.words,
  trial: chain.application ? trialWord(scenario) : scenario.trial.kind,
  request: {
    method: wordsOf(scenario.request?.method ?? "GET") ?? "GET",
    version: wordsOf(scenario.request?.version ?? "1.1") ?? "1.1",
    acceptEncoding: wordsOf(scenario.request?.acceptEncoding ?? null),
  },
  expected: { ...("must" in scenario ? scenario.must : scenario.does) } as Record<string, string | number>,
  because: "does" in scenario ? scenario.because : null,
  twin: "does" in scenario ? (scenario.twin ?? null) : null,
  reproduce,
  ...(chain.application === undefined ? {} : { application: chain.application.url }),
  ...(chain.timeScale === undefined ? {} : { timeScale: chain.timeScale }),
  baseline: null,
});

/** The values of a sweep in a row. */
const wordsOf = (axis: Axis<string | null>): string | null =>
  Array.isArray(axis) ? axis.map((value) => value ?? "none").join(" | ") : axis;

const armReport = (trace: Trace, arm: ArmTrace): ArmReport => {
  const since = sinceStart(arm);
  const own = arm.origin.find(({ request }) => request === null || request.endsWith(".0"));
  const reported = trace.links.flatMap((link, index) => {
    const exchanges = arm.exchanges.filter((exchange) => exchange.link === index);
    const first = exchanges.findLast(({ client }) => client === 0 || client === null);
    return exchanges.map((exchange) => ({ link, exchange, isFirst: exchange === first }));
  });
  const others = reported
    .filter(({ isFirst }) => !isFirst)
    .map(({ link, exchange }) => ({
      ...connectionReport(link, exchange, since),
      client: (exchange.client ?? 0) + 1,
      requestedAtMs: since(exchange.request.at),
    }));
  return {
    id: arm.arm.id,
    title: arm.arm.title,
    point: arm.arm.point,
    writtenAtMs: own?.writes.map(({ at }) => since(at)) ?? [],
    connections: reported.filter(({ isFirst }) => isFirst).map(({ link, exchange }) => connectionReport(link, exchange, since)),
    ...(others.length > 0 ? { others } : {}),
  };
};

const sinceStart =
  ({ startedAt }: ArmTrace) =>
  (at: number): number =>
    Math.round((at - startedAt) * 100) / 100;

const connectionReport = (link: Link, exchange: Exchange, since: (at: number) => number): ConnectionReport => ({
  ...link,
  headersAtMs: exchange.response ? since(exchange.response.at) : null,
  recordsAtMs: exchange.records.map((at) => (at === null ? null : since(at))),
  endedAtMs: exchange.end.kind === "open" ? null : since(exchange.end.at),
  end: exchange.end.kind,
  ...(exchange.closings.length > 0 ? { closings: exchange.closings.map(closingReport(since)) } : {}),
});

const closingReport =
  (since: (at: number) => number) =>
  ({ at, by, how }: Closing): NonNullable<ConnectionReport["closings"]>[number] => ({
    atMs: since(at),
    by: by === "upstream" ? "from" : "to",
    how,
  });
