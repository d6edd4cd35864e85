// Parts that run at the same time: their servers first, then their trials.
import { step } from "../progress.ts";
import type { OnProgress } from "../progress.ts";
import { setTimeout as delay } from "node:timers/promises";
import { now } from "../lab/clock.ts";
import { plannedEpsilonMs } from "../session/session.ts";
import type { Session } from "../session/session.ts";
import { inRealTime } from "./checks.ts";
import { inOrder } from "./parts.ts";
import type { Observed, Part, Turn } from "./parts.ts";
import type { RunParts } from "./rounds.ts";
import type { Servers } from "./servers.ts";
import type { ServerUnderTest } from "./start-server.ts";
import type { TrialRunner, When } from "./trial-runner.ts";
import { whyOf } from "./tried.ts";

/** The server that a part runs on; `fault`: why it cannot run. */
interface Ready {
  part: Part;
  on: ServerUnderTest;
  fault: string | null;
}

const staggerMs = 15;
/** Configurations limit requests and connections: most allow as many at once. */
const mostOnOne = 24;
/** A shorter wait needs no countdown. */
const reportedFromMs = 5000;

export const partsAtOnce = (session: Session, servers: Servers, runner: TrialRunner, onProgress: OnProgress): RunParts => {
  const runPart = ({ part, on, fault }: Ready, when: When): Promise<Observed[]> | Observed[] => {
    if (fault !== null) return part.turns.map((turn) => runner.notRun(turn, on, fault));
    return part.reloads
      ? runner.runReload(part.turns, on, when)
      : Promise.all(part.turns.map((turn) => reported(turn, on, onProgress, () => runner.run(turn, on, when))));
  };
  return async (parts, most, onDone, { isAlone = false, isOver = () => false } = {}) => {
    // Starting and measuring do not overlap: a server that starts uses a processor.
    const ready = await Promise.all(inOrder(parts, most).map((part) => readyOrNot(part, servers)));
    // Where that fails, each trial that needs it says so.
    await session.control.prepare(parts.flatMap(({ turns }) => turns.flatMap(({ check }) => check.over ?? []))).catch(() => {});
    await servers.settled();
    const stopCounting = countDown(
      ready.flatMap(({ part }) => part.turns),
      onProgress,
    );
    // Not a part of the window, in which the machine may still be busy with starting.
    const epsilonMs = await plannedEpsilonMs(session.control);
    const when = { from: now(), epsilonMs, isAlone };
    const inTurn = limited(mostOnOne);
    let next = 0;
    const work = async (worker: number): Promise<void> => {
      // Staggered, so that the first requests do not delay each other.
      await delay(worker * staggerMs);
      for (let index = next++; index < ready.length && !isOver(); index = next++) {
        const one = ready[index] as Ready;
        const results = await inTurn(one.on, () => runPart(one, when));
        for (const [at, result] of results.entries()) onDone(result, one.part.indices[at] as number);
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.min(most, ready.length) }, (_, worker) => work(worker)));
    } finally {
      stopCounting();
      for (const { part, on, fault } of ready) if (part.isApart && fault === null) servers.retire(on);
    }
  };
};

/** At most so many at a time for each key, in the order of the calls. */
export const limited = (most: number): (<T>(key: unknown, run: () => Promise<T> | T) => Promise<T>) => {
  const running = new Map<unknown, number>();
  const waiting = new Map<unknown, (() => void)[]>();
  return async (key, run) => {
    const count = running.get(key) ?? 0;
    if (count < most) running.set(key, count + 1);
    else await new Promise<void>((resolve) => waiting.set(key, [...(waiting.get(key) ?? []), resolve]));
    try {
      return await run();
    } finally {
      // Whoever waits takes its place.
      const next = waiting.get(key)?.shift();
      if (next) next();
      else running.set(key, (running.get(key) ?? 1) - 1);
    }
  };
};

/** The server that a part runs on, and which of its turns can run there; or why there is none. */
const readyOrNot = async (part: Part, servers: Servers): Promise<Ready> => {
  try {
    return await readyFor(part, servers);
  } catch (error) {
    const { underTest } = part.turns[0] as Turn;
    return { part, on: underTest, fault: whyOf(error) };
  }
};

const readyFor = async (part: Part, servers: Servers): Promise<Ready> => {
  const { underTest, check } = part.turns[0] as Turn;
  const on = part.isApart ? await servers.startFor(underTest.config, [check]) : underTest;
  if (check.timeScale === undefined) return { part, on, fault: null };
  const copy = await servers.copyOf(on, check.timeScale);
  const turns = copy.timeScale === check.timeScale ? part.turns : part.turns.map((turn) => ({ ...turn, check: inRealTime(turn.check) }));
  return { part: { ...part, turns }, on: copy.underTest, fault: null };
};

/** Several copies of a configuration run the same trial at the same time. */
const reported = async <T>({ route, check }: Turn, { key }: ServerUnderTest, onProgress: OnProgress, run: () => Promise<T>): Promise<T> => {
  const trial = `${route.id} ${check.id} (${key})`;
  onProgress({ doing: "running", trial, attempt: 1 });
  return await run().finally(() => onProgress({ doing: "finished", trial }));
};

/** Reports each second how long the wait for timeouts still takes; the result ends it. */
const countDown = (turns: readonly Turn[], onProgress: OnProgress): (() => void) => {
  const takesMs = Math.max(0, ...turns.map(({ check }) => (check.timeScale === 1 ? (check.takesMs ?? 0) : 0)));
  const until = now() + takesMs;
  const report = (): void => {
    const left = Math.ceil((until - now()) / 1000);
    if (left > 0) onProgress(step(`waiting for timeouts in real time, at most ${left} s more`));
  };
  const timer = takesMs > reportedFromMs ? setInterval(report, 1000) : null;
  return () => clearInterval(timer ?? undefined);
};
