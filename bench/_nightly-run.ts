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

/** How a stage ended, and what it tested: a commit, and the changes since. */
export interface Ended {
  code: number | null;
  tookS: number;
  of: string;
  /** The day. */
  on: string;
}

/** By the names of stages: the last time that each ran to its end. */
export type State = Record<string, Ended>;

export interface Nightly {
  /** Of the logs. */
  folder: string;
  /** Of the state. */
  file: string;
  of: string;
  /** Whether what passed then counts now. Default: for the same sources only. */
  counts?: (of: string) => boolean;
  cwd: string;
  say: (text: string) => void;
  signal?: AbortSignal;
  /** Starts no stage after that. Default: no limit. */
  withinMs?: number;
}

export const logOf = (folder: string, { name }: Stage): string => join(folder, `${name}.log`);

export const readState = (file: string): State => {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as State;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
};

/** Whole or not at all: a run may end while it writes. */
const writeState = (file: string, state: State): void => {
  writeFileSync(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(`${file}.new`, file);
};

export const isPassed = (state: State, { name }: Stage, counts: (of: string) => boolean): boolean =>
  state[name]?.code === 0 && counts(state[name].of);

/** The stages that have not passed. Returns what is known in the end. */
export const runStages = async (stages: readonly Stage[], nightly: Nightly): Promise<State> => {
  const { folder, file, of, counts = (other) => other === of, cwd, say, signal, withinMs = Infinity } = nightly;
  mkdirSync(folder, { recursive: true });
  const began = performance.now();
  for (const stage of stages) {
    if (isPassed(readState(file), stage, counts)) {
      say(`${stage.name}: passed before`);
      continue;
    }
    if (signal?.aborted || performance.now() - began >= withinMs) break;
    say(`${stage.name}: node ${stage.command.join(" ")}`);
    // oxlint-disable-next-line no-await-in-loop
    const { code, killedBy, tookS } = await runStage(stage, logOf(folder, stage), cwd, signal);
    const on = new Date().toISOString().slice(0, 10);
    if (killedBy === null) writeState(file, { ...readState(file), [stage.name]: { code, tookS, of, on } });
    const end = killedBy !== null ? `ended by ${killedBy}` : code === 0 ? "passed" : `failed (${code})`;
    say(`${stage.name}: ${end} after ${tookS} s; ${logOf(folder, stage)}`);
  }
  return readState(file);
};

/** `killedBy`: it was ended, so that nothing is known. */
interface Exited extends Pick<Ended, "code" | "tookS"> {
  killedBy: NodeJS.Signals | null;
}

const runStage = ({ command }: Stage, log: string, cwd: string, signal?: AbortSignal): Promise<Exited> => {
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
      resolve({ code, killedBy: killedBy ?? (isStopped ? "SIGTERM" : null), tookS: Math.round((performance.now() - began) / 1000) });
    });
  });
};
