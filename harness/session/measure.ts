// Measures one trial through running servers: case by case, decoded, judged.
import { randomInt } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { ChainPlan } from "./chain.ts";
import { now } from "../lab/clock.ts";
import { applicationCases } from "./application.ts";
import { decodeApplicationCase } from "../decode/application-exchanges.ts";
import { decodeCase } from "../decode/exchanges.ts";
import { judge } from "../model/judge/judge.ts";
import { toleranceOf } from "../model/judge/tolerance.ts";
import type { Case } from "../model/script.ts";
import type { CaseTrace, Trace } from "../model/trace.ts";
import { firstIdOf, isFurtherAttempt } from "../model/case-identity.ts";
import { nextCases, nextAttempts } from "../model/sequels.ts";
import { firstCases } from "../model/first-cases.ts";
import type { Circumstances } from "../model/case-builder.ts";
import type { Verdict } from "../model/verdict.ts";
import { act } from "./reloading.ts";
import { sampledBy } from "./sampled.ts";
import { oneAfterAnother } from "./alone.ts";
import { briefly } from "../model/briefly.ts";
import { placeAt, unaskedOf } from "./fed.ts";
import { readProbes } from "./probes.ts";
import { lastWords } from "../runtime/lines.ts";
import { EnvironmentError } from "../errors.ts";
import type { RunningServer } from "../runtime/runtime.ts";
import { controlsFor } from "./controls.ts";
import type { Bench, InTurn, Planned } from "./bench.ts";
import { traceOf } from "./trace-of.ts";
import { definitionOf } from "../trials/index.ts";

interface Observed {
  trace: Trace;
  verdict: Verdict;
  /** Of a brief measurement: the ids, as first attempts, of the cases that it would have gone on with. */
  left?: string[];
}

export type Measured =
  | (Observed & { tookMs: number })
  | {
      trace: null;
      outcome: "harness-fault" | "inconclusive";
      why: string;
      /** The hop whose end prevented a verdict, if one did. */
      death?: Death;
    };

export interface Death {
  hop: string;
  server: RunningServer;
}

/** A hop's end may be noticed this much later than its consequences. */
const lastWordsMs = 500;
/** Its connections close before the process is gone, so the trial may end first. */
const dyingMs = 100;

const atOnce: InTurn = (cases, run) => Promise.all(cases.map(run));
const oneByOne = oneAfterAnother(() => false);

export const measure = async (planned: Planned, bench: Bench): Promise<Measured> => {
  const began = now();
  const died = firstDeath(planned, bench);
  try {
    const observed = await Promise.race([observe(planned, bench, began), died]);
    if (observed.trace === null) return observed;
    const measured = { ...observed, tookMs: now() - began };
    const lateMs = accusesOfAnEnd(observed.verdict) && (await anyGone(bench.servers)) ? lastWordsMs : dyingMs;
    return await Promise.race([died, delay(lateMs, measured)]);
  } catch (error) {
    // Report a crashed hop rather than its probes' silence, which follows from it.
    const ended = await Promise.race([died, delay(lastWordsMs, null)]);
    if (ended !== null) return ended;
    // A failed call is the lab's fault; the next scenario may still be judged.
    return { trace: null, outcome: "harness-fault", why: error instanceof Error ? error.message : String(error) };
  }
};

/** Resolves if the lab or a hop ends. */
const firstDeath = ({ chain }: Planned, { runtime: { lab }, servers }: Bench): Promise<Extract<Measured, { trace: null }>> =>
  Promise.race([
    lab.died.then((why) => ({ trace: null, outcome: "harness-fault" as const, why })),
    ...servers.map(async (server, index) => ({
      trace: null,
      outcome: "inconclusive" as const,
      why: await server.died,
      death: { hop: chain.servers[index]?.hop ?? server.hop, server },
    })),
  ]);

/** Case by case, until the verdict asks for no further one. */
const observe = async (planned: Planned, bench: Bench, began: number): Promise<Observed> => {
  const { scenario, chain } = planned;
  await using controls = await controlsFor(scenario, bench);
  const { epsilonMs } = controls;
  bench.onBegin?.(epsilonMs);
  const cases: CaseTrace[] = [];
  const soFar = async (): Promise<Observed> => {
    const trace = traceOf(planned, bench, cases, await controls.read(), began);
    return { trace, verdict: judge(trace) };
  };
  if (chain.application) {
    const watched = applicationCases(scenario, chain.application);
    for (let next = watched.cases; ;) {
      const since = now();
      const ran = await Promise.all(next.map((trialCase) => runCase(trialCase, planned, bench, watched.lingerMs)));
      cases.push(...(await controls.addTo(ran, cases.length === 0 ? bench.from : since)));
      const seen = await soFar();
      next = nextAttempts(cases, seen.verdict);
      if (next.length === 0) return seen;
      await controls.calm();
    }
  }
  const circumstances = circumstancesAt(planned, epsilonMs);
  const inTurn = bench.inTurn ?? (definitionOf(scenario.trial).runsAlone ? oneByOne : atOnce);
  const first = firstCases(scenario.trial, circumstances);
  for (let next = bench.isBrief ? first.map(briefly) : first; ;) {
    const since = now();
    const ran = await inTurn(next, (trialCase) => runCase(trialCase, planned, bench));
    cases.push(...(await controls.addTo(ran, cases.length === 0 ? bench.from : since)));
    const seen = await soFar();
    // Of a brief measurement, only which cases would follow matters.
    const wantsWiderGaps = !bench.isBrief && seen.verdict.inconclusive.some((one) => one.wantsWiderGaps);
    if (wantsWiderGaps) await controls.calm();
    const plannedMs = wantsWiderGaps ? await controls.currentMs() : epsilonMs;
    next = nextCases(scenario.trial, circumstances, cases, { epsilonMs: toleranceOf(seen.trace).baseMs, plannedMs, ...seen.verdict });
    if (bench.isBrief) return { ...seen, left: next.map(firstIdOf) };
    if (next.length === 0) return seen;
    if (!wantsWiderGaps && next.some(isFurtherAttempt)) await controls.calm();
  }
};

const circumstancesAt = ({ scenario, chain }: Planned, epsilonMs: number): Circumstances => ({
  request: { ...(chain.fed ? { path: chain.fed.path } : {}), ...scenario.request },
  response: chain.response,
  epsilonMs,
  limitMs: chain.limitMs,
  timeScale: chain.timeScale ?? 1,
  ...("must" in scenario && scenario.must.surviveSilenceMs !== undefined ? { surviveMs: scenario.must.surviveSilenceMs } : {}),
});

/** An ending that may come from a crash. */
const accusesOfAnEnd = ({ facets }: Verdict): boolean =>
  facets.some(({ facet, culprit }) => facet === "ending" && culprit !== null && culprit !== "origin");

/** If processes cannot be seen, any may have ended. */
const anyGone = async (servers: readonly RunningServer[]): Promise<boolean> =>
  (await Promise.all(servers.map(({ pids }) => pids()))).some((pids) => pids.length === 0);

const runCase = async (trialCase: Case, { chain, scenario }: Planned, bench: Bench, lingerMs = 0): Promise<CaseTrace> => {
  const mayAnswerItself = "does" in scenario && scenario.does.end !== undefined;
  const [first] = bench.servers;
  if (!chain.fed || !first) return playNow(trialCase, chain, bench, lingerMs);
  using _ = await placeAt(first, chain.fed.concurrency, trialCase.clients.length);
  const trace = await playNow(trialCase, chain, bench, lingerMs);
  const problem = mayAnswerItself ? null : unaskedOf(trace, chain.fed);
  if (problem !== null) throw new EnvironmentError(`${problem}${lastWords({ last: first.lastLines })}`);
  return trace;
};

const playNow = async (trialCase: Case, chain: ChainPlan, bench: Bench, lingerMs: number): Promise<CaseTrace> => {
  const token = newToken();
  const { lab } = bench.runtime;
  const sampled = await sampledBy(trialCase, bench.servers);
  const running = lab.ask("run-case", {
    case: trialCase,
    token,
    taps: bench.taps,
    besides: bench.besides ?? [],
    clientTaps: bench.clientTaps ?? {},
    ...(bench.http3 && usesHttp3(trialCase) ? { http3: { hop: bench.http3, timeScale: chain.timeScale ?? 1 } } : {}),
    subrequests: [...(chain.subrequests ?? [])],
    lingerMs,
  });
  const [recording, own] = await Promise.all([running, act(trialCase, bench.servers, running)]).catch(async (error: unknown) => {
    await sampled?.(0);
    throw error;
  });
  const samples = await sampled?.(recording.startedAt);
  const probes = await readProbes(lab, bench.servers, token);
  const seen = await (chain.application ? decodeApplicationCase : decodeCase)(trialCase, token, recording, probes, chain);
  const actions = [...own, ...(bench.acted?.() ?? [])];
  return { ...seen, ...(actions.length > 0 ? { actions } : {}), ...(samples ? { samples } : {}) };
};

const usesHttp3 = ({ clients }: Case): boolean => clients.some(({ protocol }) => protocol === "h3");

const newToken = (): string => Array.from({ length: 8 }, () => "abcdefghijklmnopqrstuvwxyz0123456789"[randomInt(36)]).join("");
