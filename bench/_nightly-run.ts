// Runs stages one after another, each in its own process, and keeps in a file which of them have passed, so that a later run goes on.
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Stage {
  /** Also the name of its log. */
  name: string;
  /** A script of Node's, and its arguments. */
  command: readonly [script: string, ...args: string[]];
}

/** How a stage ended; `signal`: it was ended, so that nothing is known. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  tookS: number;
}

export interface State {
  /** What was tested: a commit and the changes since. */
  of: string;
  stages: Record<string, Ended>;
}

export interface Nightly {
  folder: string;
  of: string;
  cwd: string;
  say: (text: string) => void;
  signal?: AbortSignal;
  /** Starts no stage after that. Default: no limit. */
  withinMs?: number;
}

const stateFile = (folder: string): string => join(folder, "state.json");
export const logOf = (folder: string, { name }: Stage): string => join(folder, `${name}.log`);

/** What is known of the same sources; nothing of any others. */
export const readState = (folder: string, of: string): State => {
  let text: string;
  try {
    text = readFileSync(stateFile(folder), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { of, stages: {} };
    throw error;
  }
  const known = JSON.parse(text) as State;
  return known.of === of ? known : { of, stages: {} };
};

/** Whole or not at all: a run may end while it writes. */
const writeState = (folder: string, state: State): void => {
  const file = stateFile(folder);
  writeFileSync(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(`${file}.new`, file);
};

export const isPassed = ({ stages }: State, { name }: Stage): boolean => stages[name]?.code === 0;

/** The stages that have not passed. Returns what is known in the end. */
export const runStages = async (stages: readonly Stage[], { folder, of, cwd, say, signal, withinMs }: Nightly): Promise<State> => {
  mkdirSync(folder, { recursive: true });
  const state = readState(folder, of);
  const began = performance.now();
  for (const stage of stages) {
    if (isPassed(state, stage)) {
      say(`${stage.name}: passed before`);
      continue;
    }
    if (signal?.aborted || performance.now() - began >= (withinMs ?? Infinity)) break;
    say(`${stage.name}: node ${stage.command.join(" ")}`);
    // oxlint-disable-next-line no-await-in-loop
    const ended = await runStage(stage, logOf(folder, stage), cwd, signal);
    if (ended.signal === null) state.stages[stage.name] = ended;
    writeState(folder, state);
    say(`${stage.name}: ${endedAs(ended)} after ${ended.tookS} s; ${logOf(folder, stage)}`);
  }
  return state;
};

const endedAs = ({ code, signal }: Ended): string =>
  signal === null ? (code === 0 ? "passed" : `failed (${code})`) : `ended by ${signal}`;

const runStage = ({ command }: Stage, log: string, cwd: string, signal?: AbortSignal): Promise<Ended> => {
  const began = performance.now();
  const output = openSync(log, "w");
  const child = spawn(process.execPath, [...command], { cwd, stdio: ["ignore", output, output] });
  closeSync(output);
  const stop = (): void => void child.kill("SIGTERM");
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted) stop();
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, killedBy) => {
      signal?.removeEventListener("abort", stop);
      const isStopped = signal?.aborted ?? false;
      resolve({ code, signal: killedBy ?? (isStopped ? "SIGTERM" : null), tookS: Math.round((performance.now() - began) / 1000) });
    });
  });
};
