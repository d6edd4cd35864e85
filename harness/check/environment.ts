// The environment of a check: trials through servers with it (or with a changed copy) in front of the lab.
import { setTimeout as delay } from "node:timers/promises";
import { now } from "../lab/clock.ts";
import { heldUploads } from "../model/judge/upload.ts";
import { makeAttempt } from "../session/attempt.ts";
import { openSession, plannedEpsilonMs } from "../session/session.ts";
import type { Job } from "../session/attempt.ts";
import type { Trace } from "../model/trace.ts";
import type { Result } from "../session/attempt.ts";
import type { Session } from "../session/session.ts";
import type { ContainerRuntime } from "../runtime/container.ts";
import { unjudgedReport } from "../report/scenario-report.ts";
import { WorldError } from "../errors.ts";
import { inRealTime, waitOf } from "./checks.ts";
import type { Check } from "./checks.ts";
import { applicationOn, Lane, serversOn } from "./running.ts";
import type { KeptApplication } from "./running.ts";
import { oneAfterAnother } from "../session/alone.ts";
import { disturbancesIn, tooLateMs } from "../model/crowd.ts";
import type { Disturbance } from "../model/crowd.ts";
import { rankOf } from "./parts.ts";
import type { Part, Observed, Turn } from "./parts.ts";
import { runInRounds } from "./rounds.ts";
import type { RunParts } from "./rounds.ts";
import { routeVia } from "./protocols.ts";
import { chainOf, scenarioOf } from "./scenario.ts";
import { openServers } from "./servers.ts";
import type { Servers } from "./servers.ts";
import type { Build, ServerUnderTest } from "./start-server.ts";
import { whyOf } from "./tried.ts";
import { openUpstreamTaps } from "./upstream-taps.ts";

export interface Environment extends AsyncDisposable, Pick<Servers, "stop" | "whyRealTime"> {
  session: Session;
  /** `checks`: if it is for these only. */
  start: Servers["startFor"];
  /** Runs all of them, some concurrently; results in the same order. */
  run: (turns: readonly Turn[], onDone?: (result: Observed, turn: Turn) => void) => Promise<Observed[]>;
}

/** The trace of one attempt at a trial, on the configuration as given or on a copy of it. */
export interface TrialTrace {
  route: string;
  check: string;
  /** The key of the server: the first one has the configuration as given. */
  server: string;
  attempt: number;
  trace: Trace;
}

export interface Callbacks {
  signal?: AbortSignal;
  onProgress?: (text: string) => void;
  /** For each attempt of which something was seen, whether it counts in the end or not. */
  onTrace?: (seen: TrialTrace) => void;
}

/** Since when, with which tolerance, and whether its requests are sent one after another. */
interface When {
  from: number;
  epsilonMs: number;
  isAlone: boolean;
}

const isDisturbed = (...about: Parameters<typeof disturbances>): boolean => disturbances(...about).length > 0;

const disturbances = ({ route }: Turn, seen: Parameters<typeof disturbancesIn>[0], epsilonMs: number): Disturbance[] =>
  disturbancesIn(seen, route.upstreams, tooLateMs(epsilonMs));

/** The server that a part runs on; `fault`: why it cannot run. */
interface Ready {
  part: Part;
  on: ServerUnderTest;
  fault: string | null;
}

const staggerMs = 15;
/** A shorter wait needs no countdown. */
const reportedFromMs = 5000;
/** Some records have passed then, and most are still to come. */
const reloadAfterMs = 700;

/** `shared`: a session that others use too, and that is not closed here. `kept`: the application in place of the lab's origin. */
export const openEnvironment = async (
  runtime: ContainerRuntime,
  build: Build,
  shared: Session | null = null,
  kept: KeptApplication | null = null,
  { signal, onProgress = () => {}, onTrace = () => {} }: Callbacks = {},
): Promise<Environment> => {
  const session = shared ?? (await openSession(runtime));
  const upstreams = openUpstreamTaps(runtime, kept);
  const servers = openServers(runtime, build, session, upstreams, signal);
  const lane = new Lane();

  const { promise: interrupted, resolve: interrupt } = Promise.withResolvers<void>();
  signal?.addEventListener("abort", () => interrupt(), { once: true });
  if (signal?.aborted) interrupt();

  const jobOf = ({ route, check }: Turn, { config: { deployment } }: ServerUnderTest): Job => {
    const application = applicationOn(route, kept);
    return {
      id: `${route.id}/${check.id}`,
      file: null,
      reproduce: null,
      scenario: scenarioOf(route, check, deployment),
      chain: {
        ...chainOf(build.definition.title, check, deployment),
        scripted: route.upstreams,
        ...(application ? { application } : {}),
      },
    };
  };

  const notRun = (turn: Turn, on: ServerUnderTest, why: string): Observed => ({
    check: turn.check,
    report: unjudgedReport(jobOf(turn, on), "harness-fault", why),
    trace: null,
  });

  /** `on`: the turn's own server, or one that was started for such turns. */
  const runOne = async (turn: Turn, on: ServerUnderTest, { from, epsilonMs, isAlone }: When): Promise<Observed> => {
    const { route, check } = turn;
    const [first, ...besides] = new Set(await Promise.all(route.upstreams.map(upstreams.tapOf)));
    const { port, viaPort } = routeVia(route, check);
    const client = on.clientTaps.get(viaPort ?? port);
    if (first === undefined || client === undefined)
      throw new WorldError(`Route ${route.id} has no upstream, or nothing listens on port ${port}`);
    const job = jobOf(turn, on);
    const stopped = (): Result => ({ report: unjudgedReport(job, "inconclusive", "it was interrupted"), trace: null });
    const run = async (): Promise<Result> =>
      signal?.aborted
        ? stopped()
        : makeAttempt(job, {
            runtime,
            sampler: session.sampler,
            control: session.control,
            servers: [on.server, ...serversOn(route, kept)],
            taps: [first, client],
            besides,
            keys: [on.key],
            from,
            epsilonMs,
            ...(isAlone
              ? { inTurn: oneAfterAnother((trialCase) => isDisturbed(turn, { links: job.chain.links, cases: [trialCase] }, epsilonMs)) }
              : {}),
          });
    return { check, ...settled(check, await Promise.race([job.chain.application ? lane.run(run) : run(), interrupted.then(stopped)])) };
  };

  /** Reloads the server when all of its streams have begun. */
  const runReload = async (turns: readonly Turn[], own: ServerUnderTest, when: When): Promise<Observed[]> => {
    const inMidStream = new AbortController();
    let failure: string | null = null;
    delay(reloadAfterMs, undefined, { signal: inMidStream.signal })
      .then(() => own.server.reload())
      .catch((error: unknown) => {
        if (!inMidStream.signal.aborted) failure = error instanceof Error ? error.message : String(error);
      });
    try {
      const observed = await Promise.all(turns.map((turn) => runOne(turn, own, when)));
      // Without a reload the trial proves nothing about reloads.
      return failure === null ? observed : turns.map((turn) => notRun(turn, own, `the server could not be reloaded: ${failure}`));
    } finally {
      inMidStream.abort();
    }
  };

  /** Reports each second how long the wait for timeouts still takes. */
  const countDown = (turns: readonly Turn[]): (() => void) => {
    const takesMs = Math.max(0, ...turns.map(({ check }) => (check.timeScale === 1 ? (check.takesMs ?? 0) : 0)));
    const until = now() + takesMs;
    const report = (): void => {
      const left = Math.ceil((until - now()) / 1000);
      if (left > 0) onProgress(`waiting for timeouts in real time, at most ${left} s more`);
    };
    const timer = takesMs > reportedFromMs ? setInterval(report, 1000) : null;
    return () => clearInterval(timer ?? undefined);
  };

  /** The server that a part runs on, and which of its turns can run there; or why there is none. */
  const readyOrNot = async (part: Part): Promise<Ready> => {
    try {
      return await readyFor(part);
    } catch (error) {
      const { underTest } = part.turns[0] as Turn;
      return { part, on: underTest, fault: whyOf(error) };
    }
  };

  const readyFor = async (part: Part): Promise<Ready> => {
    const { underTest, check } = part.turns[0] as Turn;
    const on = part.isApart ? await servers.startFor(underTest.config, [check]) : underTest;
    if (check.timeScale === undefined) return { part, on, fault: null };
    const copy = await servers.copyOf(on, check.timeScale);
    const turns = copy.timeScale === check.timeScale ? part.turns : part.turns.map((turn) => ({ ...turn, check: inRealTime(turn.check) }));
    return { part: { ...part, turns }, on: copy.underTest, fault: null };
  };

  const runAtOnce: RunParts = async (parts, most, onDone, { isAlone = false, isOver = () => false } = {}) => {
    // Starting and measuring do not overlap: a server that starts uses a processor.
    const ready = await Promise.all(parts.toSorted((a, b) => rankOf(a) - rankOf(b)).map(readyOrNot));
    const stopCounting = countDown(ready.flatMap(({ part }) => part.turns));
    const from = now();
    const epsilonMs = await plannedEpsilonMs(session.control);
    let next = 0;
    const work = async (worker: number): Promise<void> => {
      // Staggered, so that the first requests do not delay each other.
      await delay(worker * staggerMs);
      for (let index = next++; index < ready.length && !isOver(); index = next++) {
        const { part, on, fault } = ready[index] as (typeof ready)[number];
        const when = { from, epsilonMs, isAlone };
        const results =
          fault === null
            ? await (part.reloads ? runReload(part.turns, on, when) : Promise.all(part.turns.map((turn) => runOne(turn, on, when))))
            : part.turns.map((turn) => notRun(turn, on, fault));
        for (const [at, result] of results.entries()) onDone(result, part.indices[at] as number);
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.min(most, ready.length) }, (_, worker) => work(worker)));
    } finally {
      stopCounting();
      await Promise.allSettled(ready.flatMap(({ part, on, fault }) => (part.isApart && fault === null ? [servers.stop(on)] : [])));
    }
  };

  const run: Environment["run"] = (turns, onDone = () => {}) =>
    runInRounds(turns, runAtOnce, {
      onAttempt: ({ underTest, route, check }, attempt, { trace }) => {
        if (trace) onTrace({ route: route.id, check: check.id, server: underTest.key, attempt, trace });
      },
      onDone,
      onProgress,
      disturbances: (turn, { trace }) =>
        trace === null || turn.check.isCrowd ? [] : disturbances(turn, trace, 3 * trace.control.netP99Ms),
      isOver: () => signal?.aborted ?? false,
    });

  return {
    session,
    start: servers.startFor,
    stop: servers.stop,
    run,
    whyRealTime: servers.whyRealTime,
    [Symbol.asyncDispose]: async () => {
      await servers[Symbol.asyncDispose]();
      await upstreams[Symbol.asyncDispose]();
      if (shared === null) await session[Symbol.asyncDispose]();
    },
  };
};

/** Adds what a scenario's report does not cover: uploads. Of a trial that waits for timeouts only the ending counts. */
const settled = (check: Check, { report, trace }: Result): Result => {
  const [held] = check.id === "upload" && trace?.harnessFault === null ? heldUploads(trace) : [];
  const inconclusive = waitOf(check) === null ? report.inconclusive : report.inconclusive.filter(({ facet }) => facet === "ending");
  const failure = held ? { outcome: "fail" as const, why: held.evidence, culprit: held.hop } : {};
  return { report: { ...report, inconclusive, ...failure }, trace };
};
