// A run: servers started, trials played in the lab, traces judged, outcomes told.
import { availableParallelism, platform } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { cannotTest } from "./application.ts";
import type { Application } from "./application.ts";
import type { Catalog, Entry } from "./catalog.ts";
import { planChain } from "./chain.ts";
import type { ChainPlan } from "./chain.ts";
import type { Scenario, TrialKind } from "./define.ts";
import { Instances } from "./instances.ts";
import { now } from "./lab/clock.ts";
import { calmly, measure, openStage, plannedEpsilonMs } from "./measure.ts";
import type { Job, Result } from "./measure.ts";
import { isLeftOpenByMachine } from "./model/outcome.ts";
import type { Trace } from "./model/trace.ts";
import { whereabouts } from "./reproduce.ts";
import type { Report, ScenarioReport } from "./report/report.ts";
import { diedReport, unjudgedReport } from "./report/scenario-report.ts";
import { AuthorError, UnsupportedError, WorldError } from "./runtime/runtime.ts";
import type { RunningServer, Runtime } from "./runtime/runtime.ts";
import { atTimeScale } from "./time-scale.ts";

export interface RunOptions {
  catalog: Catalog;
  scenarios: readonly Entry<Scenario>[];
  runtime: Runtime;
  version: string;
  /** At most so many scenarios at the same time; fewer when the control degrades. */
  atOnce?: number;
  image?: string | null;
  /** Limits are measured with clocks that run so many times faster, where all servers of a chain allow it. */
  timeScale?: number;
  /** The user's own application in the place of the lab's origin; in processes only. */
  application?: Application;
  signal?: AbortSignal;
  onProgress?: (text: string) => void;
  onScenario?: (report: ScenarioReport, trace: Trace | null) => void;
}

/** A Node hop's first request costs it about that much of a processor. */
const firstRequestMs = 15;

/** Above this, run-queue delay apart, the machine is too busy for ε to mean much: fewer scenarios then run at once. */
const strainedP99Ms = 12;

/** What a trial takes, roughly: only the order of the batches hangs on it. */
const trialMs: Record<TrialKind, number> = {
  "client-leaving": 5000,
  silence: 4500,
  "lock-step": 4000,
  "size-sweep": 4000,
  paced: 3500,
  "first-byte-wait": 3000,
  "origin-abort": 2500,
  "late-joiner": 2000,
  "header-hold": 1200,
  bodyless: 200,
};

/** A lock-step that must pass is over at once; one that will not takes its patience and its flood. */
const expectedMs = (scenario: Scenario): number => {
  const { kind } = scenario.trial;
  return "must" in scenario && (kind === "lock-step" || kind === "size-sweep") ? 200 : trialMs[kind];
};

/** Runs scenarios and reports on each; throws AuthorErrors before anything is started, WorldErrors when nothing can run. */
export const run = async (options: RunOptions): Promise<Report> => {
  const startedAt = new Date();
  const began = now();
  const { runtime, onProgress = () => {} } = options;
  const jobs: Job[] = [];
  for (const entry of options.scenarios) {
    const scenario = await entry.load();
    const { image = null, timeScale = 1, application } = options;
    const where = whereabouts(entry, scenario, { runtime: runtime.name, image, timeScale, ...(application ? { application } : {}) });
    const chain = atTimeScale(await planChain(options.catalog, entry.id, scenario, image), entry.id, scenario, timeScale);
    jobs.push({ id: entry.id, ...where, scenario, chain: application ? withApplication(chain, application) : chain });
  }
  // Without the lab nothing more can be judged: what was is told all the same.
  let labDeath: string | null = null;
  void runtime.lab.died.then((how) => (labDeath = how));
  await using stage = await openStage(runtime);
  const { sampler, control, node } = stage;
  if (options.application) await awaitApplication(runtime, options.application);
  await using instances = new Instances(runtime, sampler, options.application?.address);
  const reports = new Map<string, ScenarioReport>();
  const done = (job: Job, report: ScenarioReport, trace: Trace | null): void => {
    reports.set(job.id, report);
    options.onScenario?.(report, trace);
  };

  // What was left undecided, by what went on beside it, by what others do to it or by a hop that died under it: the second playing counts.
  const open = new Map<Job, Result>();
  /** What died may have died of another's trial: then each has its servers to itself. */
  const ownerOf = (job: Job): string | null => (open.get(job)?.death ? job.id : null);

  /** Until it is interrupted or the lab is gone; answers those that were not played then. */
  const playInBatches = async (inTurn: readonly Job[], atMost: number, onResult: (job: Job, result: Result) => void): Promise<Job[]> => {
    let atOnce = atMost;
    const waiting = [...inTurn];
    while (waiting.length > 0 && !options.signal?.aborted && labDeath === null) {
      const batch = waiting.splice(0, waiting.length <= 1.5 * atOnce ? waiting.length : atOnce);
      onProgress(`starting the hops of ${batch.length} of ${jobs.length} scenarios`);
      // Starting and measuring do not overlap: a Node process needs a processor for a tenth of a second to start.
      const ready = await Promise.all(batch.map((job) => prepare(job, ownerOf(job), instances, runtime)));
      const from = now();
      const epsilonMs = await plannedEpsilonMs(control);
      onProgress(`streaming through ${batch.length} chains (${reports.size} of ${jobs.length} done)`);
      let afterMs = 0;
      await Promise.all(
        ready.map(async ({ job, owner, servers, keys, taps, failure }) => {
          // Not all in one instant: the first requests of a batch would stand in each other's way, and ε would show it.
          const startMs = afterMs;
          afterMs += firstRequestMs * (servers.length + 1);
          await delay(startMs);
          const result = failure ?? (await measure(job, { runtime, sampler, control, servers, taps, keys, from, epsilonMs }));
          // Whoever interrupts a run ends hops too, and that is no finding.
          if (!result.death || !options.signal?.aborted) onResult(job, result);
          await instances.release(job.chain.servers, owner);
        }),
      );
      const seen = await control.read(from, now()).catch(() => null);
      atOnce = (seen?.figures.netP99Ms ?? 0) > strainedP99Ms ? Math.max(1, atOnce >> 1) : Math.min(atMost, atOnce * 2);
    }
    return waiting;
  };

  // The longest first, so that no batch waits for one trial that could have run beside those before it.
  const inOrder = jobs.toSorted((one, other) => expectedMs(other.scenario) - expectedMs(one.scenario));
  for (const job of jobs) instances.reserve(job.chain.servers);
  const most = options.atOnce ?? 32;
  const unplayed = await playInBatches(inOrder, most, (job, result) => {
    if (!isLeftOpen(job, result)) return done(job, result.report, result.trace);
    open.set(job, result);
    instances.reserve(job.chain.servers, ownerOf(job));
  });
  if (labDeath !== null && !options.signal?.aborted)
    for (const job of unplayed) done(job, unjudgedReport(job, "harness-fault", labDeath), null);
  if (open.size > 0 && !options.signal?.aborted && labDeath === null) {
    const why = open.values().some(({ death }) => death) ? "a hop died" : "the machine left them undecided";
    onProgress(`playing ${open.size} of ${jobs.length} scenarios once more, at most ${calmly} at a time: ${why}`);
    const tellAgain = (job: Job, { report, trace }: Result): void => {
      open.delete(job);
      done(job, { ...report, playings: 2 }, trace);
    };
    const survivors = new Map<Job, Result>();
    const explained = new Set<RunningServer>();
    await playInBatches([...open.keys()], Math.min(most, calmly), (job, second) => {
      const death = open.get(job)?.death;
      if (death && !second.death) return void survivors.set(job, second);
      if (death) explained.add(death.server);
      tellAgain(job, death ? ofItsOwn(job, second) : second);
    });
    const isWhole = open.size === survivors.size;
    for (const [job, second] of survivors) {
      const first = open.get(job) as Result;
      if (first.death && explained.has(first.death.server)) tellAgain(job, second);
      else if (isWhole) tellAgain(job, unexplained(first, second));
    }
  }
  for (const [job, { report, trace }] of open) done(job, report, trace);
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
    interrupted: options.signal?.aborted ?? false,
    shard: null,
    parts: [],
    scenarios: jobs.flatMap(({ id }) => reports.get(id) ?? []),
  };
};

const isLeftOpen = ({ scenario }: Job, { report, death }: Result): boolean =>
  death !== undefined || (report.outcome === "inconclusive" && isLeftOpenByMachine(scenario, report));

/** What is only characterized says nothing of hops that die. */
const ofItsOwn = ({ scenario }: Job, { report, trace, death }: Result): Result =>
  death && "must" in scenario ? { report: diedReport(report, death.hop), trace } : { report, trace };

/** A death that nobody's second playing explains must not be lost behind passes. */
const unexplained = ({ report }: Result, second: Result): Result =>
  second.report.outcome === "pass"
    ? {
        report: { ...report, why: `No scenario that was played once more on servers of its own made it die again: ${report.why}` },
        trace: null,
      }
    : second;

interface Ready {
  job: Job;
  owner: string | null;
  servers: RunningServer[];
  keys: string[];
  taps: string[];
  failure: Result | null;
}

const withApplication = (chain: ChainPlan, application: Application): ChainPlan => ({
  ...chain,
  application,
  words: [application.url, ...chain.words.slice(1)],
});

/** How long an application that has just been started may take to listen. */
const applicationMs = 2000;

const awaitApplication = async ({ lab }: Runtime, { url, address }: Application): Promise<void> => {
  await lab.ask("await-port", { address, withinMs: applicationMs }).catch((cause: Error) => {
    throw new WorldError(`Your application does not answer at ${url}: ${cause.message}; start it first`, { cause });
  });
};

const prepare = async (job: Job, owner: string | null, instances: Instances, runtime: Runtime): Promise<Ready> => {
  const none = { job, owner, servers: [], keys: [], taps: [] };
  const untold = job.chain.application && cannotTest(job.scenario);
  if (untold) return { ...none, failure: { report: unjudgedReport(job, "unsupported", untold), trace: null } };
  for (const plan of job.chain.servers) {
    const reason = await runtime.unsupported(plan);
    if (reason !== null) return { ...none, failure: { report: unjudgedReport(job, "unsupported", reason), trace: null } };
  }
  try {
    const { instances: started, taps } = await instances.start(job.chain.servers, owner);
    return { job, owner, servers: started.map(({ running }) => running), keys: started.map(({ key }) => key), taps, failure: null };
  } catch (error) {
    if (error instanceof AuthorError) throw error;
    if (error instanceof WorldError) {
      const outcome = error instanceof UnsupportedError ? "unsupported" : "harness-fault";
      return { ...none, failure: { report: unjudgedReport(job, outcome, error.message), trace: null } };
    }
    throw error;
  }
};
