// One trial through one server: its attempt, and what is done to the server meanwhile.
import { EnvironmentError } from "../errors.ts";
import { disturbancesIn, tooLateMs } from "../model/crowd.ts";
import type { Disturbance } from "../model/crowd.ts";
import { paceOf } from "../model/pace.ts";
import { heldUploads } from "../model/judge/upload.ts";
import { unjudgedReport } from "../report/scenario-report.ts";
import type { ContainerRuntime } from "../runtime/container.ts";
import { oneAfterAnother } from "../session/alone.ts";
import type { Bench } from "../session/bench.ts";
import { makeAttempt, makeBriefAttempt } from "../session/attempt.ts";
import type { Job, Result } from "../session/attempt.ts";
import type { Session } from "../session/session.ts";
import { waitOf } from "./checks.ts";
import type { Check } from "./checks.ts";
import { hopOf } from "./build.ts";
import { passageOf } from "./passage.ts";
import type { Observed, Turn } from "./parts.ts";
import { routeVia } from "./protocols.ts";
import { reloadAfterGaps } from "./outlasting.ts";
import { reloadInMidStream } from "./reload.ts";
import { applicationOn, Lane, serversOn } from "./running.ts";
import type { KeptApplication } from "./running.ts";
import { chainOf, scenarioOf } from "./scenario.ts";
import { madeAllFor } from "./signature.ts";
import type { ServerUnderTest } from "./start-server.ts";
import { isDecided } from "./still-held.ts";
import type { openUpstreamTaps } from "./upstream-taps.ts";

/** Since when, with which tolerance, and whether its requests are sent one after another. */
export interface When {
  from: number;
  epsilonMs: number;
  isAlone: boolean;
  /** Called when its first requests are made, with the ε that they are planned with. */
  onBegin?: ((epsilonMs: number) => void) | undefined;
  /** What was done to the servers meanwhile. */
  acted?: Bench["acted"];
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
    const begun = turns.map(() => Promise.withResolvers<number>());
    const begin = (index: number): When => ({ ...when, onBegin: begun[index]?.resolve, acted: () => reloading.acted() });
    const running = turns.map((turn, index) => run(turn, on, begin(index)));
    const started = begun.map(({ promise }, index) =>
      Promise.race([
        promise,
        running[index]?.then(
          () => 0,
          () => 0,
        ),
      ]),
    );
    // An application may serve one request after the other.
    const all = around.kept ? Promise.race(started).then((one) => [one]) : Promise.all(started);
    const reloading = reloadInMidStream(
      on,
      all.then((epsilons) => reloadAfterGaps * paceOf({ epsilonMs: Math.max(...epsilons.map((one) => one ?? 0)) }).gapMs),
    );
    try {
      const observed = await Promise.all(running);
      // Without a reload the trial proves nothing about reloads.
      const failure = reloading.failure();
      const why = failure === null ? "its stream ended before the server was reloaded" : `the server could not be reloaded: ${failure}`;
      const isProof = ({ report }: Observed): boolean => failure === null && (reloading.acted().length > 0 || report.outcome !== "pass");
      return observed.map((one, index) => (isProof(one) ? one : notRun(turns[index] as Turn, on, why)));
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
      secrets: madeAllFor(deployment.signatures ?? [], runtime.address(0)),
      ...(application ? { application } : {}),
    },
  };
};

/** Ready to start: the taps in front of and after the server are there. */
const attemptAt = async (
  turn: Turn,
  on: ServerUnderTest,
  job: Job,
  { from, epsilonMs, isAlone, onBegin, acted }: When,
  { runtime, session, upstreams, kept }: Around,
): Promise<() => Promise<Result>> => {
  const { route, check } = turn;
  const [first, ...besides] = new Set(await Promise.all(route.upstreams.map(upstreams.tapOf)));
  const passage = passageOf(on, route);
  const { port, viaPort } = routeVia(route, check);
  const client = on.clientTaps.get(viaPort ?? port);
  if (first === undefined || client === undefined)
    throw new EnvironmentError(`Route ${route.id} has no upstream, or nothing listens on port ${port}`);
  const isDisturbed = (trialCase: Parameters<typeof disturbancesIn>[0]["cases"][number]): boolean =>
    disturbances(turn, { links: job.chain.links, cases: [trialCase] }, epsilonMs).length > 0;
  const bench: Bench = {
    runtime,
    sampler: session.sampler,
    control: session.control,
    servers: [...passage.map(({ server }) => server.server), ...serversOn(route, kept)],
    taps: [first, ...passage.flatMap(({ tap }) => tap ?? []).toReversed(), client],
    besides,
    http3: { host: on.server.address.host, port },
    keys: passage.map(({ server }) => server.key),
    from,
    epsilonMs,
    ...(onBegin ? { onBegin } : {}),
    ...(acted ? { acted } : {}),
    ...(isAlone ? { inTurn: oneAfterAnother(isDisturbed) } : {}),
  };
  const { until } = turn;
  // Of several hops, one record that is held often does not show which: the whole trial would follow.
  if (until === undefined || job.chain.application || passage.length > 1) return () => makeAttempt(job, bench);
  return async () => (await makeBriefAttempt(job, bench, (seen, left) => isDecided(until, seen, left))) ?? (await makeAttempt(job, bench));
};

/** Adds what a scenario's report does not cover: uploads. Of a trial that waits for timeouts only the ending counts. */
const settled = (check: Check, { report, ...result }: Result): Result => {
  const { trace } = result;
  const [held] = check.feature === "upload" && trace?.harnessFault === null ? heldUploads(trace) : [];
  const inconclusive = waitOf(check) === null ? report.inconclusive : report.inconclusive.filter(({ facet }) => facet === "ending");
  const failure = held ? { outcome: "fail" as const, why: held.evidence, culprit: held.hop } : {};
  return { ...result, report: { ...report, inconclusive, ...failure } };
};
