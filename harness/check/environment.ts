// The environment of a check: trials through servers with it (or with a changed copy) in front of the lab.
import { toleranceOf } from "../model/judge/tolerance.ts";
import type { OnProgress } from "../progress.ts";
import type { Trace } from "../model/trace.ts";
import type { ContainerRuntime } from "../runtime/container.ts";
import { QueueDelaySampler } from "../runtime/queue-delay.ts";
import { openSession } from "../session/session.ts";
import type { Session } from "../session/session.ts";
import { partsAtOnce } from "./at-once.ts";
import type { Observed, Turn } from "./parts.ts";
import { runInRounds } from "./rounds.ts";
import type { RunParts } from "./rounds.ts";
import type { KeptApplication } from "./running.ts";
import { openServers } from "./servers.ts";
import type { Servers } from "./servers.ts";
import type { Build } from "./build.ts";
import { disturbances, trialRunner } from "./trial-runner.ts";
import { openUpstreamTaps } from "./upstream-taps.ts";

export interface Environment extends AsyncDisposable, Pick<Servers, "stop" | "retire" | "whyRealTime"> {
  /** It opens while the first server starts. */
  session: Promise<Session>;
  /** Of the lab's clients. */
  clientAddress: string;
  /** `checks`: if it is for these only. */
  start: Servers["startFor"];
  startAs: Servers["startAs"];
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
  /** It shows whether a fault recurs on the configuration as given. */
  isRepetition?: true;
  trace: Trace;
}

export interface Callbacks {
  signal?: AbortSignal;
  onProgress?: OnProgress;
  /** For each attempt of which something was seen, whether it counts in the end or not. */
  onTrace?: (seen: TrialTrace) => void;
}

/** `shared`: a session that others use too, and that is not closed here. `kept`: the application in place of the lab's origin. */
export const openEnvironment = (
  runtime: ContainerRuntime,
  build: Build,
  shared: Session | null = null,
  kept: KeptApplication | null = null,
  { signal, onProgress = () => {}, onTrace = () => {} }: Callbacks = {},
): Environment => {
  const sampler = shared?.sampler ?? new QueueDelaySampler();
  const session = shared ? Promise.resolve(shared) : openSession(runtime, sampler);
  const upstreams = openUpstreamTaps(runtime, kept);
  const servers = openServers(runtime, build, sampler, upstreams, signal);
  const measuring = session.then((opened) =>
    partsAtOnce(opened, servers, trialRunner({ runtime, session: opened, upstreams, kept, signal }), onProgress),
  );
  // Whoever measures hears of it.
  measuring.catch(() => {});
  const runAtOnce: RunParts = async (...round) => (await measuring)(...round);
  const run: Environment["run"] = (turns, onDone = () => {}) =>
    runInRounds(turns, runAtOnce, {
      onAttempt: ({ underTest, route, check, isRepetition }, attempt, { trace }) => {
        if (trace)
          onTrace({ route: route.id, check: check.id, server: underTest.key, attempt, ...(isRepetition ? { isRepetition } : {}), trace });
      },
      onDone,
      onProgress,
      disturbances: (turn, { trace }) => (trace === null || turn.check.isCrowd ? [] : disturbances(turn, trace, toleranceOf(trace).baseMs)),
      isOver: () => signal?.aborted ?? false,
    });

  return {
    session,
    clientAddress: runtime.address(0),
    start: servers.startFor,
    startAs: servers.startAs,
    stop: servers.stop,
    retire: servers.retire,
    run,
    whyRealTime: servers.whyRealTime,
    [Symbol.asyncDispose]: async () => {
      await servers[Symbol.asyncDispose]();
      await upstreams[Symbol.asyncDispose]();
      if (shared !== null) return;
      const opened = await session.catch(() => null);
      await opened?.[Symbol.asyncDispose]();
    },
  };
};
