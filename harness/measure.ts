// One trial through servers that run: played arm by arm, decoded, judged.
import { randomInt } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { ChainPlan } from "./chain.ts";
import { startControl } from "./control.ts";
import type { Control } from "./control.ts";
import type { Scenario } from "./define.ts";
import { now } from "./lab/clock.ts";
import { applicationArms } from "./application.ts";
import { decodeApplicationArm } from "./lab/application-exchanges.ts";
import { decodeArm } from "./lab/exchanges.ts";
import { judge } from "./model/judge/judge.ts";
import { leastEpsilonMs, standstillKey, toleranceOf } from "./model/judge/tolerance.ts";
import type { Arm } from "./model/script.ts";
import type { ArmTrace, QueueDelay, Trace } from "./model/trace.ts";
import { nextArms } from "./model/sequels.ts";
import { firstArms } from "./model/trials.ts";
import type { Circumstances } from "./model/arm-builder.ts";
import { readProbes } from "./probes.ts";
import type { ScenarioReport } from "./report/report.ts";
import { scenarioReport, unjudgedReport } from "./report/scenario-report.ts";
import { kernelKey, labBusyKey, QueueDelaySampler } from "./runtime/queue-delay.ts";
import { WorldError } from "./runtime/runtime.ts";
import type { RunningServer, Runtime } from "./runtime/runtime.ts";

/** What every measurement needs: a lab that can be trusted, and the control beside it. */
export interface Stage extends AsyncDisposable {
  runtime: Runtime;
  sampler: QueueDelaySampler;
  control: Control;
  /** The lab's version of Node. */
  node: string;
}

/** Throws a WorldError where the lab does not see what it has to see. */
export const openStage = async (runtime: Runtime): Promise<Stage> => {
  const { lab } = runtime;
  const sampler = new QueueDelaySampler();
  let control: Control | null = null;
  const close = async (): Promise<void> => {
    sampler[Symbol.dispose]();
    await control?.[Symbol.asyncDispose]();
  };
  try {
    const labPids = await runtime.labPids();
    sampler.watch("lab", labPids);
    sampler.watchBusy(labBusyKey, labPids);
    sampler.watchKernel();
    const selfTest = lab.ask("self-test", {});
    // If the control cannot start, that is what is told, and not that the lab ended behind it.
    selfTest.catch(() => {});
    control = await startControl(runtime, sampler);
    const { node, faults } = await selfTest;
    if (faults.length > 0) throw new WorldError(`The lab cannot be trusted on Node ${node}: ${faults.join("; ")}`);
    return { runtime, sampler, control, node, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
};

/** Trials are planned for no more: the gaps that a machine asks for which has just stood still for a second would take minutes, and stream
 *  past every limit of time that a hop has. What is left undecided by that is played again. */
const mostEpsilonMs = 100;

/** ε as it is now, to plan gaps and patience by. */
export const plannedEpsilonMs = async (control: Control): Promise<number> => {
  const at = now();
  const seen = await control.read(at, at).catch(() => null);
  return Math.min(mostEpsilonMs, Math.max(leastEpsilonMs, 3 * (seen?.figures.netP99Ms ?? 0)));
};

/** So many at once of what the machine left undecided, when it is played for the second time. */
export const calmly = 4;

export interface Job extends Pick<ScenarioReport, "file" | "reproduce"> {
  id: string;
  scenario: Scenario;
  chain: ChainPlan;
}

export interface Result {
  report: ScenarioReport;
  trace: Trace | null;
  /** What kept it from being judged, if a hop's end did. */
  death?: Death;
}

export interface Death {
  hop: string;
  server: RunningServer;
}

/** A death may be heard of this much later than what follows from it. */
const lastWordsMs = 500;
/** Its connections are closed before it is gone, and what came of that may be over at once. */
const dyingMs = 100;

export interface Bench {
  runtime: Runtime;
  sampler: QueueDelaySampler;
  servers: RunningServer[];
  taps: string[];
  /** Further taps beside the first. */
  besides?: string[];
  /** The sampler's key of each server. */
  keys: string[];
  /** When this batch began to stream: what the control showed before, while servers were starting, says nothing of now. */
  from: number;
  control: Control;
  /** ε as it was when the batch began: gaps and patience are planned by it. */
  epsilonMs: number;
}

export const measure = async (job: Job, bench: Bench): Promise<Result> => {
  const began = now();
  const { lab } = bench.runtime;
  const died = Promise.race<Result>([
    lab.died.then((why) => ({ report: unjudgedReport(job, "harness-fault", why), trace: null })),
    ...bench.servers.map(async (server, index) => ({
      report: unjudgedReport(job, "inconclusive", await server.died),
      trace: null,
      death: { hop: job.chain.servers[index]?.hop ?? server.hop, server },
    })),
  ]);
  const circumstances: Circumstances = {
    request: job.scenario.request ?? {},
    response: job.chain.response,
    epsilonMs: bench.epsilonMs,
    limitMs: job.chain.limitMs,
    timeScale: job.chain.timeScale ?? 1,
    ...("must" in job.scenario && job.scenario.must.surviveSilenceMs !== undefined
      ? { surviveMs: job.scenario.must.surviveSilenceMs }
      : {}),
  };
  const arms: ArmTrace[] = [];
  const traceSoFar = async (): Promise<Trace> => traceOf(job, bench, arms, await bench.control.read(bench.from, null), began);
  const { application } = job.chain;
  const play = async (): Promise<Trace> => {
    if (application) {
      const watched = applicationArms(job.scenario, application);
      arms.push(...(await Promise.all(watched.arms.map((arm) => playArm(arm, job.chain, bench, watched.lingerMs)))));
      return traceSoFar();
    }
    const { trial } = job.scenario;
    for (let next = firstArms(trial, circumstances); ;) {
      arms.push(...(await Promise.all(next.map((arm) => playArm(arm, job.chain, bench)))));
      const trace = await traceSoFar();
      const seen = { epsilonMs: toleranceOf(trace).baseMs, facets: trial.kind === "silence" ? judge(trace).facets : [] };
      next = nextArms(trial, circumstances, arms, seen);
      if (next.length === 0) return trace;
    }
  };
  try {
    const played = await Promise.race([play(), died]);
    if ("report" in played) return played;
    const report = scenarioReport(job, played, now() - began);
    const lateMs = accusesOfAnEnd(report) && (await anyGone(bench.servers)) ? lastWordsMs : dyingMs;
    return await Promise.race([died, delay(lateMs, { report, trace: played })]);
  } catch (error) {
    // A hop that died is told first, and its probes' silence only behind it.
    const ended = await Promise.race([died, delay(lastWordsMs, null)]);
    if (ended !== null) return ended;
    // What the lab could not do is its fault, and the next scenario may still be judged.
    const message = error instanceof Error ? error.message : String(error);
    return { report: unjudgedReport(job, "harness-fault", message), trace: null };
  }
};

/** A hop that died ended the response by no rule of its own. */
const accusesOfAnEnd = ({ facets }: ScenarioReport): boolean =>
  facets.some(({ facet, culprit }) => facet === "ending" && culprit !== null && culprit !== "origin");

/** Where processes cannot be seen, any may be. */
const anyGone = async (servers: readonly RunningServer[]): Promise<boolean> =>
  (await Promise.all(servers.map(({ pids }) => pids()))).some((pids) => pids.length === 0);

const playArm = async (arm: Arm, chain: ChainPlan, bench: Bench, lingerMs = 0): Promise<ArmTrace> => {
  const token = newToken();
  const { lab } = bench.runtime;
  const recording = await lab.ask("run-arm", {
    arm,
    token,
    taps: bench.taps,
    besides: bench.besides ?? [],
    asides: [...(chain.asides ?? [])],
    lingerMs,
  });
  const probes = await readProbes(lab, bench.servers, token);
  return (chain.application ? decodeApplicationArm : decodeArm)(arm, token, recording, probes, chain);
};

const traceOf = (job: Job, bench: Bench, arms: ArmTrace[], control: Awaited<ReturnType<Control["read"]>>, began: number): Trace => {
  const queueDelay: Record<string, QueueDelay> = { [standstillKey]: control.standstill };
  const add = (node: string, key: string): void => {
    const waited = bench.sampler.between(key, began, now());
    if (waited) queueDelay[node] = waited;
  };
  add("lab", "lab");
  add(kernelKey, kernelKey);
  for (const [node, server] of job.chain.serverOfNode) add(node, bench.keys[server] ?? "");
  return {
    schema: "hopwise.trace/1",
    runtime: bench.runtime.name,
    timeScale: job.chain.timeScale ?? 1,
    ...(job.chain.application ? { origin: "application" as const } : {}),
    nodes: job.chain.nodes,
    links: job.chain.links,
    arms,
    control: control.figures,
    queueDelay,
    harnessFault: null,
  };
};

const newToken = (): string => Array.from({ length: 8 }, () => "abcdefghijklmnopqrstuvwxyz0123456789"[randomInt(36)]).join("");
