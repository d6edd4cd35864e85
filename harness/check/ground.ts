// Where a configuration is put to the test: trials through servers with it (or with a changed copy) in front of the lab.
import { setTimeout as delay } from "node:timers/promises";
import { now } from "../lab/clock.ts";
import { heldUploads } from "../model/judge/upload.ts";
import { calmly, measure, openStage, plannedEpsilonMs } from "../measure.ts";
import { isLeftOpenByMachine } from "../model/outcome.ts";
import type { Result, Stage } from "../measure.ts";
import type { ContainerRuntime } from "../runtime/container.ts";
import { unjudgedReport } from "../report/scenario-report.ts";
import { WorldError } from "../runtime/runtime.ts";
import { inRealTime, waitOf } from "./checks.ts";
import type { Check } from "./checks.ts";
import { applicationOn, Lane, serversOn } from "./compose/standing.ts";
import type { KeptApplication } from "./compose/standing.ts";
import { partsOf, rankOf } from "./parts.ts";
import type { Part, Turn } from "./parts.ts";
import { chainOf, scenarioOf } from "./scenario.ts";
import { openServers } from "./servers.ts";
import type { Build, Servers, Standing } from "./servers.ts";
import { openUpstreamTaps } from "./upstream-taps.ts";

/** What came of a turn, and what of its check was really played: limits may have had to be waited for in real time. */
export interface Played extends Result {
  check: Check;
}

export interface Ground extends AsyncDisposable, Pick<Servers, "stop" | "whyRealTime"> {
  stage: Stage;
  /** `checks`: if it is for these only. */
  start: Servers["startFor"];
  /** Plays all, so many at a time; results in the same order. */
  play: (turns: readonly Turn[], onDone?: (result: Played, turn: Turn) => void) => Promise<Played[]>;
}

export interface Circle {
  signal?: AbortSignal;
  onProgress?: (text: string) => void;
}

const mostAtOnce = 24;
const staggerMs = 15;
/** What takes less is over before anybody asks how long it takes. */
const tellsFromMs = 5000;
/** Some records have passed then, and most are still to come. */
const reloadAfterMs = 700;

/** `shared`: a stage that others use too, and that is not closed here. `kept`: what stands in the place of the lab's origin. */
export const openGround = async (
  runtime: ContainerRuntime,
  build: Build,
  shared: Stage | null = null,
  kept: KeptApplication | null = null,
  { signal, onProgress = () => {} }: Circle = {},
): Promise<Ground> => {
  const stage = shared ?? (await openStage(runtime));
  const upstreams = openUpstreamTaps(runtime, kept);
  const servers = openServers(runtime, build, stage, upstreams, signal);
  const lane = new Lane();

  const { promise: interrupted, resolve: interrupt } = Promise.withResolvers<void>();
  signal?.addEventListener("abort", () => interrupt(), { once: true });
  if (signal?.aborted) interrupt();

  /** `on`: the turn's own server, or one that was started for such turns. */
  const playOne = async ({ route, check }: Turn, on: Standing, from: number, epsilonMs: number): Promise<Played> => {
    const [first, ...besides] = new Set(await Promise.all(route.upstreams.map(upstreams.tapOf)));
    const application = applicationOn(route, kept);
    const client = on.clientTaps.get(route.door ?? route.port);
    if (first === undefined || client === undefined)
      throw new WorldError(`Route ${route.id} has no upstream, or nothing listens on port ${route.port}`);
    const job = {
      id: `${route.id}/${check.id}`,
      file: null,
      reproduce: null,
      scenario: scenarioOf(route, check, on.configuration),
      chain: { ...chainOf(build.definition.title, check, on.configuration), ...(application ? { application } : {}) },
    };
    const stopped = (): Result => ({ report: unjudgedReport(job, "inconclusive", "it was interrupted"), trace: null });
    const play = async (): Promise<Result> =>
      signal?.aborted
        ? stopped()
        : measure(job, {
            runtime,
            sampler: stage.sampler,
            control: stage.control,
            servers: [on.server, ...serversOn(route, kept)],
            taps: [first, client],
            besides,
            keys: [on.key],
            from,
            epsilonMs,
          });
    return { check, ...settled(check, await Promise.race([application ? lane.run(play) : play(), interrupted.then(stopped)])) };
  };

  /** Reloads the server when all of its streams have begun. */
  const playReload = async (turns: readonly Turn[], own: Standing, from: number, epsilonMs: number): Promise<Played[]> => {
    const inMidStream = new AbortController();
    let failure: string | null = null;
    delay(reloadAfterMs, undefined, { signal: inMidStream.signal })
      .then(() => own.server.reload())
      .catch((error: unknown) => {
        if (!inMidStream.signal.aborted) failure = error instanceof Error ? error.message : String(error);
      });
    try {
      const played = await Promise.all(turns.map((turn) => playOne(turn, own, from, epsilonMs)));
      // What was not reloaded tells nothing of reloads.
      return played.map((one) =>
        failure === null
          ? one
          : { ...one, report: { ...one.report, outcome: "inconclusive", why: `it could not be reloaded: ${failure}` } },
      );
    } finally {
      inMidStream.abort();
    }
  };

  /** Tells each second how long limits may still be waited for. */
  const countDown = (turns: readonly Turn[]): (() => void) => {
    const takesMs = Math.max(0, ...turns.map(({ check }) => (check.timeScale === 1 ? (check.takesMs ?? 0) : 0)));
    const until = now() + takesMs;
    const tell = (): void => {
      const left = Math.ceil((until - now()) / 1000);
      if (left > 0) onProgress(`waiting for limits of time in real time, at most ${left} s more`);
    };
    const timer = takesMs > tellsFromMs ? setInterval(tell, 1000) : null;
    return () => clearInterval(timer ?? undefined);
  };

  /** The server that a part is played on, and what of it can be played there. */
  const readyFor = async (part: Part): Promise<{ part: Part; on: Standing }> => {
    const { standing, check } = part.turns[0] as Turn;
    if (check.timeScale === undefined) return { part, on: await (part.reloads ? servers.start(standing.configuration) : standing) };
    const copy = await servers.copyOf(standing, check.timeScale);
    const turns = copy.timeScale === check.timeScale ? part.turns : part.turns.map((turn) => ({ ...turn, check: inRealTime(turn.check) }));
    return { part: { ...part, turns }, on: copy.standing };
  };

  const playAtOnce = async (parts: readonly Part[], most: number, onDone: (result: Played, index: number) => void): Promise<void> => {
    // Starting and measuring do not overlap: what starts takes a processor away.
    const ready = await Promise.all(parts.toSorted((a, b) => rankOf(a) - rankOf(b)).map(readyFor));
    const stopCounting = countDown(ready.flatMap(({ part }) => part.turns));
    const from = now();
    const epsilonMs = await plannedEpsilonMs(stage.control);
    let next = 0;
    const work = async (worker: number): Promise<void> => {
      // Not all in one instant: the first requests would stand in each other's way.
      await delay(worker * staggerMs);
      for (let index = next++; index < ready.length; index = next++) {
        const { part, on } = ready[index] as (typeof ready)[number];
        const results = await (part.reloads
          ? playReload(part.turns, on, from, epsilonMs)
          : Promise.all(part.turns.map((turn) => playOne(turn, on, from, epsilonMs))));
        for (const [at, result] of results.entries()) onDone(result, part.indices[at] as number);
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.min(most, ready.length) }, (_, worker) => work(worker)));
    } finally {
      stopCounting();
      await Promise.allSettled(ready.flatMap(({ part, on }) => (part.reloads ? [servers.stop(on)] : [])));
    }
  };

  const play = async (turns: readonly Turn[], onDone: (result: Played, turn: Turn) => void = () => {}): Promise<Played[]> => {
    const results: Played[] = [];
    const parts = partsOf(turns);
    await playAtOnce(parts, mostAtOnce, (result, index) => {
      results[index] = result;
      onDone(result, turns[index] as Turn);
    });
    // A fault that was seen is one, whatever else was not.
    const open = turns.flatMap(({ route, check }, index) => {
      const { report } = results[index] as Played;
      return report.outcome === "inconclusive" && isLeftOpenByMachine(scenarioOf(route, check), report) ? [index] : [];
    });
    if (open.length === 0 || signal?.aborted) return results;
    onProgress(`playing ${open.length} of ${turns.length} trials once more, at most ${calmly} at a time: the machine left them undecided`);
    await playAtOnce(partsOf(turns, open), calmly, ({ report, trace, check }, index) => {
      if (!signal?.aborted) results[index] = { report: { ...report, playings: 2 }, trace, check };
    });
    return results;
  };

  return {
    stage,
    start: servers.startFor,
    stop: servers.stop,
    play,
    whyRealTime: servers.whyRealTime,
    [Symbol.asyncDispose]: async () => {
      await servers[Symbol.asyncDispose]();
      await upstreams[Symbol.asyncDispose]();
      if (shared === null) await stage[Symbol.asyncDispose]();
    },
  };
};

/** What a scenario's report does not know of: uploads, and that of what waits for limits other trials tell more. */
const settled = (check: Check, { report, trace }: Result): Result => {
  const [held] = check.id === "upload" && trace ? heldUploads(trace) : [];
  const undecided = waitOf(check) === null ? report.undecided : report.undecided.filter(({ facet }) => facet === "ending");
  const told = held ? { outcome: "fail" as const, why: held.evidence, culprit: held.hop } : {};
  return { report: { ...report, undecided, ...told }, trace };
};
