// One trial through one server: its attempt, and what is done to the server meanwhile.
import { setTimeout as delay } from "node:timers/promises";
import { WorldError } from "../errors.ts";
import { disturbancesIn, tooLateMs } from "../model/crowd.ts";
import type { Disturbance } from "../model/crowd.ts";
import { heldUploads } from "../model/judge/upload.ts";
import { unjudgedReport } from "../report/scenario-report.ts";
import type { ContainerRuntime } from "../runtime/container.ts";
import { oneAfterAnother } from "../session/alone.ts";
import { makeAttempt } from "../session/attempt.ts";
import type { Job, Result } from "../session/attempt.ts";
import type { Session } from "../session/session.ts";
import { waitOf } from "./checks.ts";
import type { Check } from "./checks.ts";
import { hopOf } from "./build.ts";
import { allOf, passageOf } from "./passage.ts";
import type { Observed, Turn } from "./parts.ts";
import { routeVia } from "./protocols.ts";
import { applicationOn, Lane, serversOn } from "./running.ts";
import type { KeptApplication } from "./running.ts";
import { chainOf, scenarioOf } from "./scenario.ts";
import type { ServerUnderTest } from "./start-server.ts";
import type { openUpstreamTaps } from "./upstream-taps.ts";

/** Since when, with which tolerance, and whether its requests are sent one after another. */
export interface When {
  from: number;
  epsilonMs: number;
  isAlone: boolean;
}

export interface TrialRunner {
  /** `on`: the turn's own server, or one that was started for such turns. */
  run: (turn: Turn, on: ServerUnderTest, when: When) => Promise<Observed>;
  /** Reloads the server when all of its streams have begun. */
  runReload: (turns: readonly Turn[], on: ServerUnderTest, when: When) => Promise<Observed[]>;
  notRun: (turn: Turn, on: ServerUnderTest, why: string) => Observed;
}

interface Around {
  runtime: ContainerRuntime;
  session: Session;
  upstreams: ReturnType<typeof openUpstreamTaps>;
  /** The application in place of the lab's origin. */
  kept: KeptApplication | null;
  signal: AbortSignal | undefined;
}

/** Some records have passed then, and most are still to come. */
const reloadAfterMs = 700;

export const trialRunner = (around: Around): TrialRunner => {
  const lane = new Lane();
  const interrupted = whenAborted(around.signal);
  const run: TrialRunner["run"] = async (turn, on, when) => {
    const job = jobOf(turn, on, around);
    const stopped = (): Result => ({ report: unjudgedReport(job, "inconclusive", "it was interrupted"), trace: null });
    const attempt = await attemptAt(turn, on, job, when, around);
    const start = async (): Promise<Result> => (around.signal?.aborted ? stopped() : attempt());
    const result = await Promise.race([job.chain.application ? lane.run(start) : start(), interrupted.then(stopped)]);
    return { check: turn.check, ...settled(turn.check, result) };
  };
  const notRun: TrialRunner["notRun"] = (turn, on, why) => ({
    check: turn.check,
    report: unjudgedReport(jobOf(turn, on, around), "harness-fault", why),
    trace: null,
  });
  const runReload: TrialRunner["runReload"] = async (turns, on, when) => {
    const reloading = reloadInMidStream(on);
    try {
      const observed = await Promise.all(turns.map((turn) => run(turn, on, when)));
      // Without a reload the trial proves nothing about reloads.
      const failure = reloading.failure();
      return failure === null ? observed : turns.map((turn) => notRun(turn, on, `the server could not be reloaded: ${failure}`));
    } finally {
      reloading.stop();
    }
  };
  return { run, runReload, notRun };
};

export const disturbances = ({ route }: Turn, seen: Parameters<typeof disturbancesIn>[0], epsilonMs: number): Disturbance[] =>
  disturbancesIn(seen, route.upstreams, tooLateMs(epsilonMs));

const whenAborted = (signal: AbortSignal | undefined): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  signal?.addEventListener("abort", () => resolve(), { once: true });
  if (signal?.aborted) resolve();
  return promise;
};

const jobOf = ({ route, check }: Turn, on: ServerUnderTest, { runtime, kept }: Around): Job => {
  const { deployment } = on.config;
  const application = applicationOn(route, kept);
  return {
    id: `${route.id}/${check.id}`,
    file: null,
    reproduce: null,
    scenario: scenarioOf(route, check, deployment, runtime.address(0)),
    chain: {
      ...chainOf(
        passageOf(on, route).map(({ server: { build } }) => hopOf(build)),
        check,
        deployment,
      ),
      scripted: route.upstreams,
      ...(application ? { application } : {}),
    },
  };
};

/** Ready to start: the taps in front of and after the server are there. */
const attemptAt = async (
  turn: Turn,
  on: ServerUnderTest,
  job: Job,
  { from, epsilonMs, isAlone }: When,
  { runtime, session, upstreams, kept }: Around,
): Promise<() => Promise<Result>> => {
  const { route, check } = turn;
  const [first, ...besides] = new Set(await Promise.all(route.upstreams.map(upstreams.tapOf)));
  const passage = passageOf(on, route);
  const { port, viaPort } = routeVia(route, check);
  const client = on.clientTaps.get(viaPort ?? port);
  if (first === undefined || client === undefined)
    throw new WorldError(`Route ${route.id} has no upstream, or nothing listens on port ${port}`);
  const isDisturbed = (trialCase: Parameters<typeof disturbancesIn>[0]["cases"][number]): boolean =>
    disturbances(turn, { links: job.chain.links, cases: [trialCase] }, epsilonMs).length > 0;
  return () =>
    makeAttempt(job, {
      runtime,
      sampler: session.sampler,
      control: session.control,
      servers: [...passage.map(({ server }) => server.server), ...serversOn(route, kept)],
      taps: [first, ...passage.flatMap(({ tap }) => tap ?? []).toReversed(), client],
      besides,
      keys: passage.map(({ server }) => server.key),
      from,
      epsilonMs,
      ...(isAlone ? { inTurn: oneAfterAnother(isDisturbed) } : {}),
    });
};

const reloadInMidStream = (on: ServerUnderTest): { failure: () => string | null; stop: () => void } => {
  const stopping = new AbortController();
  let failure: string | null = null;
  delay(reloadAfterMs, undefined, { signal: stopping.signal })
    .then(() => Promise.all(allOf(on).map(({ server }) => server.reload())))
    .catch((error: unknown) => {
      if (!stopping.signal.aborted) failure = error instanceof Error ? error.message : String(error);
    });
  return { failure: () => failure, stop: () => stopping.abort() };
};

/** Adds what a scenario's report does not cover: uploads. Of a trial that waits for timeouts only the ending counts. */
const settled = (check: Check, { report, trace }: Result): Result => {
  const [held] = check.feature === "upload" && trace?.harnessFault === null ? heldUploads(trace) : [];
  const inconclusive = waitOf(check) === null ? report.inconclusive : report.inconclusive.filter(({ facet }) => facet === "ending");
  const failure = held ? { outcome: "fail" as const, why: held.evidence, culprit: held.hop } : {};
  return { report: { ...report, inconclusive, ...failure }, trace };
};
