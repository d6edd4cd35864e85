// `hopwise check` as a library call. It runs the standard trials of every route. For each fault it finds the line that causes it, by
// experiments, and proves the smallest change that fixes it, by running all trials again.
import { step } from "../progress.ts";
import type { OnProgress } from "../progress.ts";
import { availableParallelism, platform } from "node:os";
import { AuthorError } from "../errors.ts";
import { now } from "../lab/clock.ts";
import type { CheckReport, ExperimentNotRun } from "../report/check-report.ts";
import type { ContainerRuntime } from "../runtime/container.ts";
import type { Session } from "../session/session.ts";
import type { Check, Purpose, Task } from "./checks.ts";
import { conclude } from "./conclude.ts";
import type { Conclusion } from "./conclude.ts";
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
import { intentsOf, standingsWith } from "./standing.ts";
import type { Build, ServerUnderTest } from "./start-server.ts";
import { startWithStubs } from "./stubs.ts";
import type { Together } from "./together.ts";
import { noting } from "./tried.ts";
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
}

export interface Checked extends Together {
  report: CheckReport;
}

export const check = (options: CheckOptions): Promise<Checked> => checkIn({ ...options, config: inBuild(options) });

/** Hopwise's own builds lack what the user's image may have. */
const inBuild = ({ config, build: { image, version, definition } }: CheckOptions): CheckedConfig =>
  image === null ? (config.forOwnBuild?.(version?.release ?? definition.debian.release) ?? config) : config;

const checkIn = async (options: CheckOptions): Promise<Checked> => {
  const { runtime, build, onProgress = () => {} } = options;
  const startedAt = new Date();
  const began = now();
  const { signal, onTrace } = options;
  await using environment = await openEnvironment(runtime, build, options.session ?? null, options.kept ?? null, {
    ...(signal ? { signal } : {}),
    ...(onTrace ? { onTrace } : {}),
    onProgress,
  });
  signal?.throwIfAborted();
  onProgress(step(`starting ${build.definition.title} with ${options.given}`));
  const starting = startWithStubs(options.config, (one) => startTwice(environment, one, signal), environment.stop);
  const { underTest, config } = await starting.catch((error: unknown) => {
    throw error instanceof AuthorError ? explained(error, options.config) : error;
  });
  signal?.throwIfAborted();
  const taskOf = options.taskOf ?? ((): Task => ({ purpose: options.purpose, checks: options.checks, required: new Set() }));
  const intents = intentsOf(config);
  const standingOf = standingsWith(taskOf, intents);
  const about: About = (route) => ({ ...standingOf(route), intent: intents.get(route.id) ?? { kind: "unknown" } });
  const { routes, results } = await runRoutes(options, taskOf, about, environment, underTest);
  const experimentsNotRun: ExperimentNotRun[] = [];
  const known = config.with({ version: underTest.server.version });
  const concluding = (async (): Promise<Conclusion> => {
    signal?.throwIfAborted();
    return conclude({
      config: known,
      hop: build.definition.title,
      routes,
      results,
      taskOf,
      standingOf,
      about,
      trying: inWaves(noting(experimentWith(environment, known, signal), experimentsNotRun)),
      isUnscripted: (route) => options.kept !== undefined && isKept(route, options.kept.serverOf),
      writes: options.write ?? false,
      onProgress,
    });
  })();
  const { findings, together } = await concluding.catch((error: unknown): Conclusion => {
    // A search that was interrupted proves nothing.
    if (!signal?.aborted) throw error;
    return { findings: [], together: { edits: [], left: [] } };
  });
  const seen = await environment.session.control.read(began, now()).catch(() => null);
  const report = reportOf(options, config.deployment, {
    machine: { platform: platform(), cores: availableParallelism(), node: process.version, labNode: environment.session.node },
    server: { version: underTest.server.version, image: underTest.server.image, why: options.why },
    realTime: environment.whyRealTime(),
    control: seen?.figures ?? null,
    startedAt: startedAt.toISOString(),
    tookMs: Math.round(now() - began),
    experimentsNotRun,
    routes,
    findings,
  });
  return { report, ...together };
};

/** With the line where the server does not name it, and what may have been meant. */
const explained = (error: AuthorError, { lineOf: placeOf, hintFor }: CheckedConfig): AuthorError => {
  const line = placeOf(error.message);
  const hint = hintFor?.(error.message) ?? null;
  if (!line && hint === null) return error;
  return new AuthorError(`${error.message}${line ? ` in ${line.file}:${line.line}` : ""}${hint === null ? "" : `; ${hint}`}`, {
    cause: error,
  });
};

/** A failure of the engine gets a second attempt; a refusal of the server would be the same again. */
const startTwice = (environment: Environment, config: CheckedConfig, signal?: AbortSignal): Promise<ServerUnderTest> =>
  environment.start(config).catch((error: unknown) => {
    if (error instanceof AuthorError || signal?.aborted) throw error;
    return environment.start(config);
  });
