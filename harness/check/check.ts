// `hopwise check` as a library call. It runs the standard trials of every route. For each fault it finds the line that causes it, by
// experiments, and proves the smallest change that fixes it, by running all trials again.
import type { OnProgress } from "../progress.ts";
import { availableParallelism, platform } from "node:os";
import { now } from "../lab/clock.ts";
import type { CheckReport, ExperimentNotRun } from "../report/check-report.ts";
import type { ContainerRuntime } from "../runtime/container.ts";
import type { Session } from "../session/session.ts";
import { hopOf } from "./build.ts";
import type { Build } from "./build.ts";
import { concludeInTurn } from "./chain/in-turn.ts";
import type { InTurn, RunWith } from "./chain/in-turn.ts";
import type { InnerPlan } from "./chain/link.ts";
import { proxiesOf } from "./chain/proxies-of.ts";
import type { NotCheckedProxy } from "./chain/proxies-of.ts";
import type { Check, Purpose, Task } from "./checks.ts";
import type { Concluding } from "./conclude.ts";
import type { Route } from "./configuration.ts";
import { openEnvironment } from "./environment.ts";
import type { Environment, TrialTrace } from "./environment.ts";
import { experimentWith } from "./experiments.ts";
import { reportOf } from "./report-of.ts";
import type { About } from "./route-reports.ts";
import { runRoutes } from "./run-routes.ts";
import { isKept } from "./running.ts";
import type { KeptApplication } from "./running.ts";
import type { CheckedConfig } from "./server.ts";
import { sharingServers } from "./shared-servers.ts";
import { intentsOf, standingsWith } from "./standing.ts";
import { twice } from "./start-accepted.ts";
import type { ServerUnderTest } from "./start-server.ts";
import { startSubject } from "./start-subject.ts";
import type { StartedSubject } from "./start-subject.ts";
import type { Together } from "./together.ts";
import { noting, whyOf } from "./tried.ts";
import { inWaves } from "./waves.ts";

export interface CheckOptions {
  runtime: ContainerRuntime;
  /** A session that others use too; default: a new one. */
  session?: Session;
  build: Build;
  config: CheckedConfig;
  checks: readonly Check[];
  /** What a route has to do where that differs from `purpose` and `checks`. */
  taskOf?: (route: Route) => Task;
  /** Proxies of the same deployment that it forwards to. */
  inner?: readonly InnerPlan[];
  /** Proxies of the same deployment that are not checked. */
  others?: readonly NotCheckedProxy[];
  /** The user's own application in place of the lab's origin. */
  kept?: KeptApplication & { reported: NonNullable<CheckReport["application"]> };
  /** As the user gave it. */
  given: string;
  purpose: Purpose;
  /** Why this image, in a sentence. */
  why: string;
  version: string;
  /** The fixes are to be written: prove that all of them together fix everything. */
  write?: boolean;
  signal?: AbortSignal;
  onProgress?: OnProgress;
  /** For every trial that is run, those of experiments and second attempts too. */
  onTrace?: (seen: TrialTrace) => void;
  /** The answer, before its servers are stopped: whoever waits for it need not wait for that. */
  onChecked?: (checked: Checked) => Promise<void>;
}

export interface Checked extends Together {
  report: CheckReport;
}

export const check = async (options: CheckOptions): Promise<Checked> => {
  const { runtime, build, inner = [], others = [], onProgress = () => {} } = options;
  const startedAt = new Date();
  const began = now();
  const { signal, onTrace } = options;
  await using environment = openEnvironment(runtime, build, options.session ?? null, options.kept ?? null, {
    ...(signal ? { signal } : {}),
    ...(onTrace ? { onTrace } : {}),
    onProgress,
  });
  signal?.throwIfAborted();
  const [like] = options.checks as [Check];
  const { given } = options;
  const starting = { environment, build, config: options.config, inner, given, like, onProgress };
  const started = await unlessWithout(environment.session, startSubject(signal ? { ...starting, signal } : starting));
  const { control, node } = await environment.session;
  signal?.throwIfAborted();
  const { underTest, config, servers } = started;
  const experimentsNotRun: ExperimentNotRun[] = [];
  const { routes, findings, together, hidden } = await judged(options, environment, started, experimentsNotRun);
  const seen = await control.read(began, now()).catch(() => null);
  const { deployment } = config;
  const report = reportOf(
    options,
    { ...deployment, notChecked: [...deployment.notChecked, ...hidden] },
    {
      machine: { platform: platform(), cores: availableParallelism(), node: process.version, labNode: node },
      server: { version: underTest.server.version, image: underTest.server.image, why: options.why },
      ...proxiesOf(servers, options.why, inner, others),
      realTime: environment.whyRealTime(),
      control: seen?.figures ?? null,
      startedAt: startedAt.toISOString(),
      tookMs: Math.round(now() - began),
      experimentsNotRun,
      routes,
      findings,
    },
  );
  const checked = { report, ...together };
  await options.onChecked?.(checked);
  return checked;
};

/** Waits for both: nothing may start after the end of a check. Without a session, e.g. since the lab died, no server starts either. */
const unlessWithout = async <T>(session: Promise<unknown>, starting: Promise<T>): Promise<T> => {
  await Promise.allSettled([session, starting]);
  await session;
  return starting;
};

/** What the trials of all routes show, and what causes and fixes it. */
const judged = async (
  options: CheckOptions,
  environment: Environment,
  { underTest, config, servers }: StartedSubject,
  experimentsNotRun: ExperimentNotRun[],
): Promise<Omit<InTurn, "edits" | "editsOn"> & Pick<CheckReport, "routes">> => {
  const { signal, kept, onProgress = () => {} } = options;
  const taskOf = options.taskOf ?? ((): Task => ({ purpose: options.purpose, checks: options.checks, required: new Set() }));
  const intents = intentsOf(config);
  const standingOf = standingsWith(taskOf, intents);
  const about: About = (route) => ({
    ...standingOf(route),
    intent: intents.get(route.id) ?? { kind: "unknown" },
    keeps: config.keeps?.(route) ?? null,
  });
  const runOn = (of: CheckedConfig, on: ServerUnderTest) => runRoutes({ ...options, config: of }, taskOf, about, environment, on);
  const observed = await runOn(config, underTest);
  const runWith: RunWith = async (of, edits) => {
    try {
      const on = await twice(() => environment.start(config.with({ edits })), signal);
      try {
        return await runOn(of, on);
      } finally {
        await environment.stop(on);
      }
    } catch (error) {
      signal?.throwIfAborted();
      return { why: whyOf(error) };
    }
  };
  const concluding: Concluding = {
    ...observed,
    config,
    hops: servers.map((one) => hopOf(one.build)),
    taskOf,
    standingOf,
    about,
    trying: inWaves(noting(sharingServers(config, experimentWith(environment, config, underTest, signal)), experimentsNotRun)),
    isUnscripted: (route) => kept !== undefined && isKept(route, kept.serverOf),
    writes: options.write ?? false,
    onProgress,
  };
  try {
    signal?.throwIfAborted();
    const { findings, together, hidden } = await concludeInTurn(concluding, runWith, () => signal?.aborted === true);
    return { routes: observed.routes, findings, together, hidden };
  } catch (error) {
    // A search that was interrupted proves nothing.
    if (!signal?.aborted) throw error;
    return { routes: observed.routes, findings: [], together: { edits: [], left: [] }, hidden: [] };
  }
};
