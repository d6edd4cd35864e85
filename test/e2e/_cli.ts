// The command line as a program of its own: what it printed, and how it ended.
import { spawn } from "node:child_process";
import type { ChildProcess, ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import type { Report, ScenarioReport } from "../../harness/report/report.ts";

export const cli = join(import.meta.dirname, "../../harness/cli.ts");
export const launcher = join(import.meta.dirname, "../../bin/hopwise.cjs");

export interface Place {
  folder?: string;
  /** In addition to ours; undefined takes away. */
  environment?: NodeJS.ProcessEnv;
  /** In a process group of its own, as a shell starts it. */
  detached?: boolean;
  input?: "ignore" | "pipe";
}

export interface Ended {
  /** Null if a signal killed it. */
  code: number | null;
  out: string;
  err: string;
}

export interface Running {
  child: ChildProcess;
  pid: number;
  ended: Promise<Ended>;
}

export const startHopwise = (args: readonly string[], place?: Place): Running => startProgram(process.execPath, [cli, ...args], place);

/** Another program of ours in the same way. */
export const runProgram = (file: string, args: readonly string[], place?: Place): Promise<Ended> =>
  startProgram(process.execPath, [file, ...args], place).ended;

export const startProgram = (
  command: string,
  args: readonly string[],
  { folder, environment, detached = false, input = "ignore" }: Place = {},
): Running => {
  const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env;
  const child = spawn(command, args, {
    env: { ...inherited, ...environment },
    stdio: [input, "pipe", "pipe"],
    detached,
    ...(folder === undefined ? {} : { cwd: folder }),
  }) as ChildProcessByStdio<Writable | null, Readable, Readable>;
  const closed = once(child, "close") as Promise<[code: number | null]>;
  const ended = Promise.all([text(child.stdout), text(child.stderr), closed]).then(([out, err, [code]]) => ({ code, out, err }));
  return { child, pid: child.pid ?? 0, ended };
};

export const hopwise = (args: readonly string[], place?: Place): Promise<Ended> => startHopwise(args, place).ended;

/** What `--reporter json` printed. */
export const reportOf = ({ out, err }: Ended): Report => {
  if (out === "") throw new Error(`There is no report: ${err}`);
  return JSON.parse(out) as Report;
};

export const scenarioOf = ({ scenarios }: Report, id: string): ScenarioReport => {
  const found = scenarios.find((one) => one.id === id);
  if (!found) throw new Error(`The report has no scenario "${id}" but ${scenarios.map((one) => one.id).join(", ")}`);
  return found;
};

/** Runs so many at a time, in order. */
export const inPool = async <T, R>(size: number, all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> => {
  const results: R[] = [];
  const queue = all.entries();
  const worker = async (): Promise<void> => {
    for (const [index, one] of queue) results[index] = await work(one);
  };
  await Promise.all(Array.from({ length: size }, worker));
  return results;
};
