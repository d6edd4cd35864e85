// Runs scenarios in batches: the hops of a batch start, then its trials run.
import { step } from "../progress.ts";
import type { OnProgress } from "../progress.ts";
import { setTimeout as delay } from "node:timers/promises";
import { cannotTest } from "./application.ts";
import type { Instances } from "./instances.ts";
import { now } from "../lab/clock.ts";
import { makeAttempt } from "./attempt.ts";
import type { Job, Result } from "./attempt.ts";
import type { Bench } from "./bench.ts";
import { protocolsOf, unspokenIn } from "./clients.ts";
import { plannedEpsilonMs } from "./session.ts";
import type { Session } from "./session.ts";
import type { Trace } from "../model/trace.ts";
import { unjudgedReport } from "../report/scenario-report.ts";
import { AuthorError, UnsupportedError, EnvironmentError } from "../errors.ts";
import { hopName } from "../runtime/hop-name.ts";
import type { RunningServer } from "../runtime/runtime.ts";
import { definitionOf } from "../trials/index.ts";

/** What all batches of a run share. */
export interface BatchContext {
  session: Session;
  instances: Instances;
  /** How many scenarios there are, and how many are done. */
  total: number;
  done: () => number;
  isInterrupted: () => boolean;
  /** Interrupted, or the lab has ended. */
  isOver: () => boolean;
  onProgress: OnProgress;
  onTrace?: (id: string, trace: Trace) => void;
}

export interface Batches {
  jobs: readonly Job[];
  /** Run at most this many scenarios concurrently; fewer when the control degrades. */
  atMost: number;
  /** The only user of a job's servers; null: they are shared. */
  ownerOf: (job: Job) => string | null;
  /** Counted from 1. */
  attempt: number;
  inTurnOf?: (job: Job) => Bench["inTurn"];
  onResult: (job: Job, result: Result) => void;
}

/** Processor time of a Node hop's first request. */
const firstRequestMs = 15;

/** Above this p99 (without run-queue delay) the machine is too busy for a meaningful ε: fewer scenarios then run concurrently. */
const strainedP99Ms = 12;

/** Runs until all are done, or until an interruption or the lab's end; returns the jobs that did not run. Trials that run alone come last. */
export const runInBatches = async (context: BatchContext, { jobs, ...batches }: Batches): Promise<Job[]> => {
  const runsAlone = ({ scenario }: Job): boolean => definitionOf(scenario.trial).runsAlone === true;
  return [
    ...(await runTogether(context, { ...batches, jobs: jobs.filter((job) => !runsAlone(job)) })),
    ...(await runTogether(context, { ...batches, jobs: jobs.filter(runsAlone), atMost: 1 })),
  ];
};

const runTogether = async (context: BatchContext, batches: Batches): Promise<Job[]> => {
  const { session, onProgress } = context;
  let atOnce = batches.atMost;
  const waiting = [...batches.jobs];
  while (waiting.length > 0 && !context.isOver()) {
    const batch = waiting.splice(0, countOf(waiting, atOnce));
    onProgress(step(`starting the hops of ${batch.length} of ${context.total} scenarios`));
    // Starting and measuring do not overlap: a Node process takes 100 ms of processor time to start.
    const ready = await Promise.all(batch.map((job) => prepare(job, batches.ownerOf(job), context)));
    // Not a part of the window, in which the machine may still be busy with starting.
    const epsilonMs = await plannedEpsilonMs(session.control);
    const from = now();
    onProgress(step(`streaming through ${batch.length} chains (${context.done()} of ${context.total} done)`));
    await streamThrough(ready, { from, epsilonMs }, context, batches);
    const seen = await session.control.read(from, now()).catch(() => null);
    atOnce = (seen?.figures.netP99Ms ?? 0) > strainedP99Ms ? Math.max(1, atOnce >> 1) : Math.min(batches.atMost, atOnce * 2);
  }
  return waiting;
};

/** How many of the first jobs run concurrently. One that sweeps what clients speak has the streams of several. */
const countOf = (jobs: readonly Job[], atOnce: number): number => {
  const loads = jobs.map(({ scenario }) => protocolsOf(scenario).length);
  if (loads.reduce((sum, load) => sum + load, 0) <= 1.5 * atOnce) return jobs.length;
  let sum = 0;
  const first = loads.findIndex((load) => (sum += load) > atOnce);
  return Math.max(1, first);
};

const streamThrough = async (
  ready: readonly Ready[],
  batch: Pick<Bench, "from" | "epsilonMs">,
  { session: { runtime, sampler, control }, instances, isInterrupted, onProgress, onTrace }: BatchContext,
  { attempt, inTurnOf, onResult }: Batches,
): Promise<void> => {
  let afterMs = 0;
  await Promise.all(
    ready.map(async ({ job, owner, servers, keys, taps, clientTaps, failure }) => {
      // Staggered: simultaneous first requests would delay each other and raise ε.
      const startMs = afterMs;
      afterMs += firstRequestMs * (servers.length + 1);
      await delay(startMs);
      const inTurn = inTurnOf?.(job);
      const http3 = servers.at(-1)?.listeners?.get("h3");
      const bench = { runtime, sampler, control, servers, taps, clientTaps, http3, keys, ...batch, ...(inTurn ? { inTurn } : {}) };
      if (failure === null) onProgress({ doing: "running", trial: job.id, attempt });
      const result = failure ?? (await makeAttempt(job, bench));
      onProgress({ doing: "finished", trial: job.id });
      if (result.trace) onTrace?.(job.id, result.trace);
      // An interruption also ends hops, which is no finding.
      if (!result.death || !isInterrupted()) onResult(job, result);
      await instances.release(job.chain.servers, owner);
    }),
  );
};

interface Ready {
  job: Job;
  owner: string | null;
  servers: RunningServer[];
  keys: string[];
  taps: string[];
  clientTaps: NonNullable<Bench["clientTaps"]>;
  failure: Result | null;
}

const hasOne = "Its chain already begins with a real application: omit --app, or run without this scenario";

const prepare = async (job: Job, owner: string | null, context: BatchContext): Promise<Ready> => {
  const {
    instances,
    session: { runtime, control },
    onProgress,
  } = context;
  const none = { job, owner, servers: [], keys: [], taps: [], clientTaps: {} };
  const withoutScript = job.chain.application && (job.chain.fed ? hasOne : cannotTest(job.scenario));
  const untestable = (await unspokenIn(job.scenario, runtime)) ?? withoutScript;
  if (untestable) return { ...none, failure: { report: unjudgedReport(job, "unsupported", untestable), trace: null } };
  for (const plan of job.chain.servers) {
    const reason = await runtime.unsupported(plan);
    if (reason !== null) return { ...none, failure: { report: unjudgedReport(job, "unsupported", reason), trace: null } };
  }
  onProgress({ doing: "starting", trial: job.id, hops: job.chain.servers.map(hopName) });
  try {
    await control.prepare(protocolsOf(job.scenario));
    const { instances: started, taps, clientTaps } = await instances.start(job.chain.servers, owner);
    onProgress({ doing: "ready", trial: job.id });
    const servers = started.map(({ running }) => running);
    return { job, owner, servers, keys: started.map(({ key }) => key), taps, clientTaps, failure: null };
  } catch (error) {
    if (error instanceof AuthorError) throw error;
    if (error instanceof EnvironmentError) {
      const outcome = error instanceof UnsupportedError ? "unsupported" : "harness-fault";
      return { ...none, failure: { report: unjudgedReport(job, outcome, error.message), trace: null } };
    }
    throw error;
  }
};
