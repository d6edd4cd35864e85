// `hopwise check` as a library call. It runs the standard trials of every route. For each fault it finds the line that causes it, by
// experiments, and proves the smallest change that fixes it, by running all trials again.
import { availableParallelism, platform } from "node:os";
import { now } from "../lab/clock.ts";
import type { Session } from "../session/session.ts";
import type { CheckReport, CheckRoute, Finding, ExperimentNotRun } from "../report/check-report.ts";
import type { ContainerRuntime } from "../runtime/container.ts";
import { AuthorError } from "../errors.ts";
import type { Check, Purpose, Task } from "./checks.ts";
import type { Deployment, Route } from "./configuration.ts";
import { crowdFaults } from "./crowd-faults.ts";
import { otherLimits } from "./crowd-others.ts";
import { fixesOf } from "./fix.ts";
import type { Proven } from "./fix.ts";
import { experimentWith } from "./experiments.ts";
import { openEnvironment } from "./environment.ts";
import type { Environment, TrialTrace } from "./environment.ts";
import type { ObservedCheck } from "./observed.ts";
import type { Turn } from "./parts.ts";
import { withoutUntestable, withProtocols } from "./protocols.ts";
import type { CheckedConfig } from "./server.ts";
import type { Build, ServerUnderTest } from "./start-server.ts";
import { forget, leaveOpen, lineOf, routeReports } from "./route-reports.ts";
import type { About, Observed } from "./route-reports.ts";
import { fixPerRoute } from "./route-fix.ts";
import { inWaves } from "./waves.ts";
import { investigate } from "./search.ts";
import type { Blamed } from "./search.ts";
import { intentsOf, isMadeOn, isMendedOn, standingsWith } from "./standing.ts";
import { answerOf } from "../report/check-answer.ts";
import { keptChecks } from "./kept.ts";
import { isKept } from "./running.ts";
import type { KeptApplication } from "./running.ts";
import { faultsOf, findingOf } from "./findings.ts";
import { noEffectFindings } from "./no-effect.ts";
import { maskedFaults } from "./masked.ts";
import { survivedOn } from "./survived.ts";
import { startWithStubs } from "./stubs.ts";
import { fixTogether } from "./together.ts";
import type { Together } from "./together.ts";
import { noting } from "./tried.ts";

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
  onProgress?: (text: string) => void;
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
  onProgress(`starting ${build.definition.title} with ${options.given}`);
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
  const known = config.with({ version: underTest.server.version });
  const experimentsNotRun: ExperimentNotRun[] = [];
  const trying = inWaves(noting(experimentWith(environment, known, signal), experimentsNotRun));
  const findings: Finding[] = [];
  let together: Together = { edits: [], left: [] };
  try {
    signal?.throwIfAborted();
    const hop = build.definition.title;
    const crowd = await crowdFaults({ routes: config.routes, observedOn: results, taskOf, hop, trying });
    for (const fault of crowd) leaveOpen(routes, results, about, fault);
    const seenOn = (route: Route): ObservedCheck[] => results.get(route.id) ?? [];
    const faults = [
      ...config.routes.flatMap((route) => [...faultsOf(route, seenOn(route), hop), ...maskedFaults(route, seenOn(route), hop)]),
      ...crowd,
    ];
    if (faults.length > 0) onProgress(`looking for the lines that cause ${faults.length} ${faults.length === 1 ? "fault" : "faults"}`);
    // A real application follows no script: headers that it would have to send cannot be tried, and some trials were not run.
    const isUnscripted = (route: Route): boolean => options.kept !== undefined && isKept(route, options.kept.serverOf);
    const tried = known.with({ routes: known.routes.filter((route) => !isUnscripted(route)) });
    const blame = async (): Promise<[Blamed[], (Proven | null)[]]> => {
      const { blamed: found, gone } = await investigate(known, faults, results, trying);
      for (const fault of gone) forget(routes, results, about, fault);
      for (const one of found) if (one.faults.some(({ route }) => isUnscripted(route))) one.forApplication = [];
      if (found.length > 0) onProgress("proving fixes");
      const single = await fixesOf(known, found, results, trying);
      return [found, await fixPerRoute(known, found, single, results, trying, (one) => isMendedOn(one, standingOf(one.faults[0]!.route)))];
    };
    const [[blamed, fixes], noEffect] = await Promise.all([blame(), noEffectFindings(tried, results, trying)]);
    const isCulprit = ({ at: { file, line } }: Finding): boolean =>
      blamed.some(({ suspect }) => suspect?.place.file === file && suspect.place.line === line);
    if (options.write) onProgress("proving all fixes together");
    together = await fixTogether(blamed, fixes, config.routes, results, options.write ? trying : null, (one) =>
      isMadeOn(one, standingOf(one.faults[0]!.route)),
    );
    for (const [index, one] of blamed.entries()) findings.push(findingOf(one, fixes[index]?.fix ?? null, standingOf(one.faults[0]!.route)));
    findings.push(...(await otherLimits(known, crowd, blamed, trying, hop, standingOf)), ...noEffect.filter((one) => !isCulprit(one)));
    for (const route of known.routes) {
      const report = routes.find(({ id }) => id === route.id);
      if (report) findings.push(...survivedOn(known, route, report, taskOf(route).checks, findings));
    }
  } catch (error) {
    // A search that was interrupted proves nothing.
    if (!signal?.aborted) throw error;
    findings.length = 0;
  }
  const seen = await environment.session.control.read(began, now()).catch(() => null);
  const report: Omit<CheckReport, "answer"> = {
    schema: "hopwise.check/1",
    tool: { name: "hopwise", version: options.version },
    machine: { platform: platform(), cores: availableParallelism(), node: process.version, labNode: environment.session.node },
    given: options.given,
    files: config.deployment.files.flatMap(({ path, text }) => (text === null ? [] : [path])),
    purpose: options.purpose,
    ...(options.kept ? { application: options.kept.reported } : {}),
    server: { version: underTest.server.version, image: underTest.server.image, why: options.why },
    ...(environment.whyRealTime() === null ? {} : { realTime: environment.whyRealTime() as string }),
    control: seen?.figures ?? null,
    startedAt: startedAt.toISOString(),
    tookMs: Math.round(now() - began),
    interrupted: options.signal?.aborted ?? false,
    ...(options.write ? { writes: true as const } : {}),
    stubs: config.deployment.stubs.map(({ what, why, place }) => ({ what, why, at: place })).map(withoutOffsets),
    notChecked: config.deployment.notChecked.map(({ what, why, place }) => ({ what, why, at: lineOf(place) })),
    ...(experimentsNotRun.length > 0 ? { experimentsNotRun } : {}),
    routes,
    findings: inOrderOf(routes, findings).map((finding) => quoted(finding, config.deployment)),
  };
  return { report: { ...report, answer: answerOf(report) }, ...together };
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

/** With the text of its line. */
const quoted = (finding: Finding, { files }: Deployment): Finding => {
  const text = files.find(({ path }) => path === finding.at.file)?.text?.split(/\r?\n/)[finding.at.line - 1];
  return text === undefined ? finding : { ...finding, quote: text };
};

/** What is named or inferred to stream comes first. */
const inOrderOf = (routes: readonly CheckRoute[], findings: readonly Finding[]): Finding[] => {
  const order = new Map(routes.map(({ id }, index) => [id, index]));
  return findings.toSorted((a, b) => (order.get(a.route) ?? 0) - (order.get(b.route) ?? 0));
};

const withoutOffsets = <T extends { at: Parameters<typeof lineOf>[0] | null }>(one: T) => ({ ...one, at: one.at && lineOf(one.at) });

const runRoutes = async (
  { config, kept, signal, onProgress = () => {} }: CheckOptions,
  taskOf: (route: Route) => Task,
  about: About,
  environment: Environment,
  underTest: ServerUnderTest,
): Promise<Observed> => {
  const turns = config.routes.flatMap((route) => {
    const features = config.features(route);
    const { checks } = taskOf(route);
    const { upstreams } = config.deployment;
    return (kept && isKept(route, kept.serverOf) ? keptChecks(checks) : withProtocols(route, withoutUntestable(route, upstreams, checks)))
      .filter(({ ifMeant }) => ifMeant === undefined || features.has(ifMeant))
      .map((one): Turn => ({ underTest, route, check: one }));
  });
  const where = config.routes.length === 1 ? "1 route" : `${config.routes.length} routes`;
  let done = 0;
  const results = await environment.run(turns, () =>
    signal?.aborted ? undefined : onProgress(`${++done} of ${turns.length} trials on ${where} are done`),
  );
  const byRoute = new Map<string, ObservedCheck[]>();
  for (const [index, { route }] of turns.entries()) {
    const { check: one, crowded, ...result } = results[index]!;
    byRoute.set(route.id, [...(byRoute.get(route.id) ?? []), { check: one, result, ...(crowded ? { crowded } : {}) }]);
  }
  return { routes: routeReports(config.routes, byRoute, about), results: byRoute };
};
