// Kills a program at its steps, which are found by letting it run to its end once (fixtures/hold.ts), or at those of its guards.
import { readFileSync } from "node:fs";
import { processesWith, whenEmpty } from "../runtime/_left.ts";
import { startHeld } from "./held.ts";
import type { Hold } from "./fixtures/hold.ts";

/** `node <args>`, with `{marker}` for what all of its processes have in their arguments or environment. */
export interface Victim {
  args: readonly string[];
  environment?: NodeJS.ProcessEnv;
}

export type At = Partial<Pick<Hold, "step" | "guards">>;

export interface Killed {
  at: At;
  pid: number;
  /** Whether it came to this step. */
  isReached: boolean;
  /** How many it had running then, itself not counted. */
  processes: number;
  /** What of it still runs, now or a while later. */
  alive: () => Promise<string[]>;
  orphans: () => Promise<string[]>;
}

const orphansEndWithinMs = 6000;

let markers = 0;
const begin = ({ args, environment }: Victim, at: At): { marker: string; started: ReturnType<typeof startHeld> } => {
  const marker = `hopwise-killed-${process.pid}-${(markers += 1)}-`;
  const started = startHeld(
    args.map((arg) => arg.replaceAll("{marker}", marker)),
    at,
    { ...environment, HOPWISE_TEST_MARKER: marker },
  );
  return { marker, started };
};

/** All that it does until it ends by itself. */
export const stepsOf = async (victim: Victim): Promise<string[]> => {
  await using running = await begin(victim, {}).started;
  await running.until(() => false);
  return running.steps();
};

export const killAt = async (victim: Victim, at: At): Promise<Killed> => {
  const { marker, started } = begin(victim, at);
  await using running = await started;
  const isReached = (): boolean => running.held.size > 0;
  await running.until(isReached);
  const result = { at, pid: running.pid, isReached: isReached() };
  const processes = (await processesWith(marker)).length - (running.hasEnded() ? 0 : 1);
  await running.kill();
  const alive = (): Promise<string[]> => processesWith(marker);
  const orphans = (): Promise<string[]> => whenEmpty(alive, orphansEndWithinMs, 250);
  // Guards go on for as long as what holds them is there.
  if (at.guards) await orphans();
  return { ...result, processes, alive, orphans };
};

/** A request that is safe asks for something and leaves nothing (RFC 9110 §9.2.1); a socket without a name leads to a lab. */
const leavesNothing = /^(sent to|received from) (GET |HEAD |a socket)/;

/** Those that may leave something, the first of each kind: a second container is made like the first. */
export const kindsOf = (steps: readonly string[]): string[] => steps.filter((step) => !leavesNothing.test(step) && step.endsWith(" #1"));

const guard = readFileSync(new URL("../../../harness/runtime/guard.sh", import.meta.url), "utf8")
  .trimEnd()
  .split("\n");
/** Numbers of the lines at which a guard can be held. */
export const guardLines = guard.flatMap((line, number) => (line.trimStart().startsWith("#") ? [] : [number]));

/** So many places, spread over all: one half at steps, and where there are guards the other at their lines. */
export const placesIn = (steps: readonly string[], count: number): At[] => {
  const ofRun = steps.filter((step) => !leavesNothing.test(step)).map((step): At => ({ step }));
  const programs = steps.filter((step) => step.startsWith("start ")).length;
  const ofGuards = guardLines.flatMap((line) => Array.from({ length: programs }, (_, program): At => ({ guards: { [program]: line } })));
  const half = ofGuards.length === 0 ? 0 : Math.floor(count / 2);
  return [...spread(ofRun, count - half), ...spread(ofGuards, half)];
};

const spread = <T>(all: readonly T[], count: number): T[] =>
  Array.from({ length: count }, (_, index) => all[Math.floor((index * all.length) / count)] as T);

export const nameOf = ({ step, guards = {} }: At): string =>
  step ??
  Object.entries(guards)
    .map(([program, line]) => `guard ${program} before "${guard[line]?.trim()}"`)
    .join(", ");
