// Starts foreign programs so that they end with us, however we end: the only file that spawns.
//
//   we ──pipe (fd 3)──▶ guard ──▶ program and its descendants, all in the guard's process group
//
// The guard reads the pipe; at its end it ends its own group, TERM first. It holds the group's id as long as we may want to signal it.
import { spawn } from "node:child_process";
import type { ChildProcess, StdioOptions } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import type { Duplex, Readable } from "node:stream";
import { createLines, lastWords } from "./lines.ts";
import type { Lines } from "./lines.ts";
import { startOf } from "./owner.ts";

export interface Program {
  /** Names it in sentences: `Hop "edge" (nginx)`. */
  title: string;
  command: string;
  args: string[];
  folder?: string;
  environment: NodeJS.ProcessEnv;
  /** Ends when its standard input does: then it may do so before it is told by a signal. */
  endsWithInput?: boolean;
  /** Every line of its standard output. */
  onLine?: (line: string) => void;
}

export interface Child {
  lines: Lines;
  /** How it ended, e.g. `exit code 1`. */
  ended: Promise<string>;
  /** Resolves with a sentence if it ends before `stop`. */
  died: Promise<string>;
  pids: () => Promise<number[]>;
  stop: () => Promise<void>;
}

/** The output stays the program's: a shell writes "Killed" there. Job control would be the usual way to a group of its own, but dash has none without a terminal. */
const guard = `
exec 4<&0
"$@" <&4 3>&- 4<&- &
child=$!
exec 4<&- >/dev/null 2>&1
trap '' HUP INT TERM
echo "pid $child" >&3
(
  read -r _ <&3
  kill -TERM 0
  sleep 1
  kill -KILL 0
) &
wait "$child"
echo "exit $?" >&3
wait
`;

const inputMs = 200;
const termMs = 500;

export const startChild = ({ title, command, args, folder, environment, endsWithInput = false, onLine }: Program): Child => {
  const lines = createLines();
  const output = createLines(onLine);
  const guarded = process.platform !== "win32";
  const stdio: StdioOptions = ["pipe", "pipe", "pipe", ...(guarded ? (["pipe"] as const) : [])];
  const [file, list] = guarded ? ["/bin/sh", ["-c", guard, "hopwise-guard", command, ...args]] : [command, args];
  const child = spawn(file, list, { detached: guarded, stdio, env: environment, ...(folder ? { cwd: folder } : {}) });
  const ending = Promise.withResolvers<string>();
  const died = Promise.withResolvers<string>();
  const gone = once(child, "close").catch(() => {});
  let told = false;
  let pid = guarded ? null : (child.pid ?? null);

  const end = (how: string): void => {
    ending.resolve(how);
    pid = null;
    // Its last words may still be on their way.
    if (!told) setImmediate(() => died.resolve(`${title} ended by itself with ${how}.${lastWords(lines)}`));
  };
  const report = createLines((line) => {
    const [word, value] = line.split(" ");
    if (word === "pid") pid = Number(value);
    else end(nameEnd(Number(value)));
  });

  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (piece: Buffer) => lines.add(piece));
  child.stdout?.on("data", (piece: Buffer) => output.add(piece));
  control(child)?.on("data", (piece: Buffer) => report.add(piece));
  for (const stream of child.stdio) stream?.on("error", () => {});
  child.on("error", (error) => end(error.message));
  child.on("exit", (code, signal) => {
    if (!told) signalGroup(child, "SIGKILL");
    end(signal ?? `exit code ${code}`);
  });

  const pids = (): Promise<number[]> => (pid === null ? Promise.resolve([]) : descendants(pid));
  const stop = async (): Promise<void> => {
    told = true;
    if (child.pid === undefined) return;
    const family = (await pids()).map((member) => ({ member, startedAt: startOf(member) }));
    child.stdin?.end();
    if (endsWithInput) await within(inputMs, ending.promise);
    signalGroup(child, "SIGTERM");
    await within(termMs, ending.promise);
    signalGroup(child, "SIGKILL");
    // Some servers give their children a group of their own.
    for (const { member, startedAt } of family) if (startedAt !== null && startOf(member) === startedAt) kill(member, "SIGKILL");
    // Closed is more than dead: whoever still held its output is gone too.
    await within(1000, gone);
    for (const stream of child.stdio) stream?.destroy();
  };

  return { lines, ended: ending.promise, died: died.promise, pids, stop };
};

export interface Steered extends Pick<Child, "pids"> {
  channel: Duplex;
  exited: Promise<string>;
  kill: () => void;
}

/** The lab: our own program, steered over fd 3 and ending with it. */
export const startSteered = (node: string, file: string, environment: NodeJS.ProcessEnv, lines: Lines): Steered => {
  const child = spawn(node, [file], { stdio: ["ignore", "ignore", "pipe", "pipe"], env: environment });
  child.stderr?.on("data", (piece: Buffer) => lines.add(piece));
  const exited = Promise.withResolvers<string>();
  child.on("error", (error) => exited.resolve(error.message));
  child.on("exit", (code, signal) => exited.resolve(signal ?? `exit code ${code}`));
  const pids = (): Promise<number[]> => (child.pid === undefined ? Promise.resolve([]) : descendants(child.pid));
  return { channel: control(child) as Duplex, exited: exited.promise, pids, kill: () => void child.kill("SIGKILL") };
};

/** Runs a program to its end, e.g. to ask for its version. */
export const runToEnd = async (command: string, args: string[], folder?: string): Promise<{ code: number; text: string }> => {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], timeout: 10_000, ...(folder ? { cwd: folder } : {}) });
  const text = async (stream: Readable | null): Promise<string> => (stream ? (await stream.setEncoding("utf8").toArray()).join("") : "");
  const closed = once(child, "close") as Promise<[code: number | null]>;
  const [[code], out, err] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
  return { code: code ?? -1, text: out + err };
};

const within = async (limitMs: number, wanted: Promise<unknown>): Promise<void> => {
  const limit = Promise.withResolvers<void>();
  const timer = setTimeout(limit.resolve, limitMs);
  await Promise.race([wanted, limit.promise]);
  clearTimeout(timer);
};

const control = (child: ChildProcess): Duplex | null => (child.stdio[3] as Duplex | null | undefined) ?? null;

const signalGroup = (child: ChildProcess, signal: NodeJS.Signals): void => {
  if (child.pid === undefined) return;
  if (process.platform === "win32") child.kill(signal);
  else kill(-child.pid, signal);
};

const kill = (id: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(id, signal);
  } catch {
    // It is gone, which is what was wanted.
  }
};

/** A process and all below it; empty where there is no /proc. */
export const descendants = async (root: number): Promise<number[]> => {
  const threads = await readdir(`/proc/${root}/task`).catch(() => null);
  if (threads === null) return [];
  const lists = await Promise.all(threads.map((thread) => readFile(`/proc/${root}/task/${thread}/children`, "utf8").catch(() => "")));
  const children = lists.flatMap((list) => list.split(" ").filter(Boolean).map(Number));
  return [root, ...(await Promise.all(children.map(descendants))).flat()];
};

const signals: Record<number, string> = {
  1: "SIGHUP",
  2: "SIGINT",
  4: "SIGILL",
  6: "SIGABRT",
  9: "SIGKILL",
  11: "SIGSEGV",
  13: "SIGPIPE",
  15: "SIGTERM",
};

/** The shell's way to tell a signal: 128 and its number. */
const nameEnd = (status: number): string => signals[status - 128] ?? `exit code ${status}`;
