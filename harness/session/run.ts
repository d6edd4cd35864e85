// A run: starts servers, runs trials in the lab, judges traces, reports outcomes.
import type { OnProgress } from "../progress.ts";
import { availableParallelism, platform } from "node:os";
import type { Application } from "./application.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { Entry } from "../catalog/shelf.ts";
import { planChain } from "./chain.ts";
import type { ChainPlan } from "./chain.ts";
import type { Scenario } from "../define.ts";
import { Instances } from "./instances.ts";
import { now } from "../lab/clock.ts";
import { openSession } from "./session.ts";
import type { Job, Result } from "./attempt.ts";
import type { Trace } from "../model/trace.ts";
import { whereabouts } from "./reproduce.ts";
import type { Report, ScenarioReport } from "../report/report.ts";
import { unjudgedReport } from "../report/scenario-report.ts";
import { firstAttempts, secondAttempts } from "./run-attempts.ts";
import { EnvironmentError } from "../errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { atTimeScale } from "./time-scale.ts";
import { definitionOf } from "../trials/index.ts";

export interface RunOptions {
  catalog: Catalog;
  scenarios: readonly Entry<Scenario>[];
  runtime: Runtime;
  version: string;
  /** Run at most this many scenarios concurrently; fewer when the control degrades. */
  concurrency?: number;
  image?: string | null;
  /** Run server clocks N× faster in trials that wait for a timeout, if all servers of the chain allow it. */
  timeScale?: number;
  /** The user's own application, instead of the lab's origin; process runtime only. */
  application?: Application;
  signal?: AbortSignal;
  onProgress?: OnProgress;
  onScenario?: (report: ScenarioReport, trace: Trace | null) => void;
  /** Called for each attempt with a trace, whether or not it counts. */
  onTrace?: (id: string, trace: Trace) => void;
}

/** A lock-step that passes is quick; one that fails also takes its patience and its flood. */
const expectedMs = (scenario: Scenario): number => {
  const { usually, passes = usually } = definitionOf(scenario.trial).takesMs;
  return "must" in scenario ? passes : usually;
};

/** Runs scenarios and reports on each; throws AuthorErrors before anything starts, EnvironmentErrors when nothing can run. */
export const run = async (options: RunOptions): Promise<Report> => {
  const startedAt = new Date();
  const began = now();
  const { runtime, onProgress = () => {}, onTrace, signal, application } = options;
  const jobs = await jobsOf(options);
  // Without the lab nothing more can be judged; earlier results are still reported.
  let labDeath: string | null = null;
  void runtime.lab.died.then((how) => (labDeath = how));
  await using session = await openSession(runtime);
  const { sampler, control, node } = session;
  if (application) await awaitApplication(runtime, application);
  await using instances = new Instances(runtime, sampler, application?.address);
  const reports = new Map<string, ScenarioReport>();
  const done = (job: Job, { report, trace }: Pick<Result, "report" | "trace">): void => {
    reports.set(job.id, report);
    options.onScenario?.(report, trace);
  };
  const isInterrupted = (): boolean => signal?.aborted ?? false;
  const isOver = (): boolean => isInterrupted() || labDeath !== null;
  const progress = { total: jobs.length, done: () => reports.size, onProgress };
  const context = { session, instances, ...progress, isInterrupted, isOver, ...(onTrace ? { onTrace } : {}) };

  const atMost = options.concurrency ?? 32;
  const left = await firstAttempts(context, longestFirst(jobs), atMost, done);
  if (labDeath !== null && !isInterrupted())
    for (const job of left.notRun) done(job, { report: unjudgedReport(job, "harness-fault", labDeath), trace: null });
  await secondAttempts(context, left, atMost, done);
  for (const [job, result] of [...left.open, ...left.refused]) done(job, result);
  const overall = await control.read(began, now()).catch(() => null);
  return {
    schema: "hopwise.report/1",
    tool: { name: "hopwise", version: options.version },
    runtime: runtime.name,
    machine: { platform: platform(), cores: availableParallelism(), node: process.version, labNode: node },
    versions: instances.versions,
    timeScale: options.timeScale ?? 1,
    control: overall?.figures ?? null,
    startedAt: startedAt.toISOString(),
    tookMs: Math.round(now() - began),
    interrupted: isInterrupted(),
    shard: null,
    parts: [],
    scenarios: jobs.flatMap(({ id }) => reports.get(id) ?? []),
  };
};

const jobsOf = async ({ catalog, scenarios, runtime, image = null, timeScale = 1, application }: RunOptions): Promise<Job[]> => {
  const jobs: Job[] = [];
  for (const entry of scenarios) {
    const scenario = await entry.load();
    const where = whereabouts(entry, scenario, { runtime: runtime.name, image, timeScale, ...(application ? { application } : {}) });
    const chain = atTimeScale(await planChain(catalog, entry.id, scenario, image), entry.id, scenario, timeScale);
    jobs.push({ id: entry.id, ...where, scenario, chain: application ? withApplication(chain, application) : chain });
  }
  return jobs;
};

/** The longest trials start first, so that no batch waits for one of them at the end. */
const longestFirst = (jobs: readonly Job[]): Job[] => jobs.toSorted((one, other) => expectedMs(other.scenario) - expectedMs(one.scenario));

const withApplication = (chain: ChainPlan, application: Application): ChainPlan => ({
  ...chain,
  application,
  words: [application.url, ...chain.words.slice(1)],
});

/** How long an application may take to listen. */
const applicationMs = 2000;

const awaitApplication = async ({ lab }: Runtime, { url, address }: Application): Promise<void> => {
  await lab.ask("await-port", { address, withinMs: applicationMs }).catch((cause: Error) => {
    throw new EnvironmentError(`Your application does not answer at ${url}: ${cause.message}. Start it first.`, { cause });
  });
};
