// `hopwise check` as a library call: every route through its standard trials, then for each fault the line that makes it, found by
// experiment, and the smallest change that cures it, proven by playing everything again.
import { availableParallelism, platform } from "node:os";
import { now } from "../lab/clock.ts";
import type { Result, Stage } from "../measure.ts";
import type { CheckReport, CheckRoute, Finding } from "../report/check-report.ts";
import type { ContainerRuntime } from "../runtime/container.ts";
import { AuthorError, WorldError } from "../runtime/runtime.ts";
import type { Check } from "./checks.ts";
import type { Configuration, Route } from "./configuration.ts";
import { curesOf } from "./cure.ts";
import type { Proven } from "./cure.ts";
import { applyEdits } from "./edits.ts";
import { openGround } from "./ground.ts";
import type { Ground } from "./ground.ts";
import type { Turn } from "./parts.ts";
import type { Build, Standing } from "./servers.ts";
import { inWaves } from "./waves.ts";
import { investigate } from "./search.ts";
import type { Blamed, Fault, Trying } from "./search.ts";
import { isKept, keptChecks } from "./compose/kept.ts";
import type { KeptApplication } from "./compose/standing.ts";
import { faultsOf, findingOf, withoutFault } from "./findings.ts";
import { limitsOf } from "./limits.ts";
import { folkFindings } from "./folk.ts";
import { cureTogether } from "./together.ts";
import type { Together } from "./together.ts";

export interface CheckOptions {
  runtime: ContainerRuntime;
  /** One that others use too; default: one of its own. */
  stage?: Stage;
  build: Build;
  configuration: Configuration;
  checks: readonly Check[];
  /** The user's own application in the place of the lab's origin. */
  kept?: KeptApplication & { told: NonNullable<CheckReport["application"]> };
  /** As the user gave it. */
  given: string;
  purpose: string;
  /** Why this image, in a sentence. */
  why: string;
  version: string;
  /** The cures are to be made: that all of them together cure is proven too. */
  write?: boolean;
  signal?: AbortSignal;
  onProgress?: (text: string) => void;
}

export interface Checked extends Together {
  report: CheckReport;
}

export const check = async (options: CheckOptions): Promise<Checked> => {
  const { runtime, build, configuration, onProgress = () => {} } = options;
  const startedAt = new Date();
  const began = now();
  const { signal } = options;
  await using ground = await openGround(runtime, build, options.stage ?? null, options.kept ?? null, {
    ...(signal ? { signal } : {}),
    onProgress,
  });
  signal?.throwIfAborted();
  onProgress(`starting ${build.definition.title} with ${options.given}`);
  const standing = await ground.start(configuration).catch((error: unknown) => {
    const line = error instanceof AuthorError ? build.dialect.refusedLine(configuration, error.message) : null;
    throw line ? new AuthorError(`${(error as AuthorError).message} in ${line.file}:${line.line}`) : error;
  });
  signal?.throwIfAborted();
  const { routes, results } = await playRoutes(options, ground, standing);
  const known = { ...configuration, version: standing.server.version };
  const trying = inWaves(tryWith(ground, known, signal));
  const faults = configuration.routes.flatMap((route) => faultsOf(route, results.get(route.id) ?? [], build.definition.title));
  const findings: Finding[] = [];
  let together: Together = { edits: [], left: [] };
  try {
    signal?.throwIfAborted();
    if (faults.length > 0) onProgress(`looking for the lines behind ${faults.length} ${faults.length === 1 ? "fault" : "faults"}`);
    // What an application would have to send, and what a line does in trials that were not played, cannot be tried with one that is told nothing.
    const isToldNothing = (route: Route): boolean => options.kept !== undefined && isKept(route, options.kept.serverOf);
    const tried = { ...known, routes: known.routes.filter((route) => !isToldNothing(route)) };
    const blame = async (): Promise<[Blamed[], (Proven | null)[]]> => {
      const { blamed: found, gone } = await investigate(build.dialect, known, faults, results, trying);
      for (const fault of gone) forget(routes, results, fault);
      for (const one of found) if (one.faults.some(({ route }) => isToldNothing(route))) one.forApplication = [];
      if (found.length > 0) onProgress("proving cures");
      return [found, await curesOf(known, found, results, trying)];
    };
    const [[blamed, cures], folk] = await Promise.all([blame(), folkFindings(build.dialect, tried, results, trying)]);
    const isGuilty = ({ at: { file, line } }: Finding): boolean =>
      blamed.some(({ suspect }) => suspect?.place.file === file && suspect.place.line === line);
    if (options.write) onProgress("proving all cures together");
    together = await cureTogether(blamed, cures, configuration.routes, results, options.write ? trying : null);
    for (const [index, one] of blamed.entries()) findings.push(findingOf(one, cures[index]?.cure ?? null));
    findings.push(...folk.filter((one) => !isGuilty(one)));
  } catch (error) {
    // What was only half looked for proves nothing.
    if (!signal?.aborted) throw error;
    findings.length = 0;
  }
  const seen = await ground.stage.control.read(began, now()).catch(() => null);
  const report: CheckReport = {
    schema: "hopwise.check/1",
    tool: { name: "hopwise", version: options.version },
    machine: { platform: platform(), cores: availableParallelism(), node: process.version, labNode: ground.stage.node },
    given: options.given,
    files: configuration.files.flatMap(({ path, text }) => (text === null ? [] : [path])),
    purpose: options.purpose,
    ...(options.kept ? { application: options.kept.told } : {}),
    server: { version: standing.server.version, image: standing.server.image, why: options.why },
    ...(ground.whyRealTime() === null ? {} : { realTime: ground.whyRealTime() as string }),
    control: seen?.figures ?? null,
    startedAt: startedAt.toISOString(),
    tookMs: Math.round(now() - began),
    interrupted: options.signal?.aborted ?? false,
    ...(options.write ? { writes: true as const } : {}),
    overlays: configuration.overlays.map(({ what, why, place }) => ({ what, why, at: place })).map(withoutOffsets),
    leftOut: configuration.leftOut.map(({ what, why, place }) => ({ what, why, at: lineOf(place) })),
    routes,
    findings: findings.map((finding) => quoted(finding, configuration)),
  };
  return { report, ...together };
};

/** In place: the report of the trial that a fault was seen in, and what follows from it. */
const forget = (routes: readonly CheckRoute[], results: Played["results"], fault: Fault): void => {
  const played = results.get(fault.route.id) ?? [];
  for (const one of played) if (one.check.id === fault.check.id) one.result = { ...one.result, report: withoutFault(one.result, fault) };
  const told = routes.find(({ id }) => id === fault.route.id);
  if (told) Object.assign(told, routeReport(fault.route, played));
};

/** With the text of its line. */
const quoted = (finding: Finding, { files }: Configuration): Finding => {
  const text = files.find(({ path }) => path === finding.at.file)?.text?.split(/\r?\n/)[finding.at.line - 1];
  return text === undefined ? finding : { ...finding, quote: text };
};

const lineOf = ({ file, line, column }: { file: string; line: number; column: number }) => ({ file, line, column });

const withoutOffsets = <T extends { at: Parameters<typeof lineOf>[0] | null }>(one: T) => ({ ...one, at: one.at && lineOf(one.at) });

interface Played {
  routes: CheckRoute[];
  /** By route. */
  results: Map<string, PlayedCheck[]>;
}

export interface PlayedCheck {
  check: Check;
  result: Result;
}

const playRoutes = async (
  { build, configuration, checks, kept, signal, onProgress = () => {} }: CheckOptions,
  ground: Ground,
  standing: Standing,
): Promise<Played> => {
  const turns = configuration.routes.flatMap((route) => {
    const means = build.dialect.means(configuration, route);
    return (kept && isKept(route, kept.serverOf) ? keptChecks(checks) : checks)
      .filter(({ ifMeant }) => ifMeant === undefined || means[ifMeant])
      .map((one): Turn => ({ standing, route, check: one }));
  });
  const where = configuration.routes.length === 1 ? "1 route" : `${configuration.routes.length} routes`;
  let done = 0;
  const results = await ground.play(turns, () =>
    signal?.aborted ? undefined : onProgress(`${++done} of ${turns.length} trials on ${where} are done`),
  );
  const byRoute = new Map<string, PlayedCheck[]>();
  for (const [index, { route }] of turns.entries()) {
    const { check: one, ...result } = results[index] as Result & { check: Check };
    byRoute.set(route.id, [...(byRoute.get(route.id) ?? []), { check: one, result }]);
  }
  return { routes: configuration.routes.map((route) => routeReport(route, byRoute.get(route.id) ?? [])), results: byRoute };
};

const routeReport = (route: Route, played: readonly PlayedCheck[]): CheckRoute => ({
  id: route.id,
  at: lineOf(route.place),
  title: route.title,
  url: urlOf(route),
  upstreams: route.upstreams,
  checks: played.map(({ check: one, result }) => ({ check: one.id, scenario: result.report })),
  ...limitsOf(played),
});

const urlOf = ({ tls, host, port, path }: Route): string => {
  const usual = tls ? 443 : 80;
  return `${tls ? "https" : "http"}://${host}${port === usual ? "" : `:${port}`}${path}`;
};

/** Starts changed copies, plays checks through them, and stops them. */
const tryWith =
  (ground: Ground, configuration: Configuration, signal?: AbortSignal): Trying =>
  async (experiments) => {
    signal?.throwIfAborted();
    const started = await Promise.all(
      experiments.map(async ({ edits, faults }) => {
        try {
          const checks = faults.map(({ check: one }) => one);
          return await ground.start({ ...configuration, files: applyEdits(configuration.files, edits) }, checks);
        } catch (error) {
          // What the server refuses proves nothing.
          if (error instanceof WorldError || (error instanceof Error && error.name === "AuthorError")) return null;
          throw error;
        }
      }),
    );
    try {
      const turns = experiments.flatMap(({ faults }, index): (Turn & { of: number })[] => {
        const standing = started[index];
        return standing ? faults.map(({ route, check: one }) => ({ standing, route, check: one, of: index })) : [];
      });
      const results = await ground.play(turns);
      signal?.throwIfAborted();
      return experiments.map((_, of) =>
        started[of]
          ? turns.flatMap((turn, index) =>
              turn.of === of ? [{ route: turn.route, check: turn.check, result: results[index] as Result }] : [],
            )
          : null,
      );
    } finally {
      await Promise.allSettled(started.flatMap((one) => (one ? [ground.stop(one)] : [])));
    }
  };
