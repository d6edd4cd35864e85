// The one place that starts a program: whatever Hopwise starts ends with Hopwise, however Hopwise ends.
//
//   Hopwise ──control (fd 3)──▶ guard (guard.sh) ──▶ program and its descendants
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Duplex, Readable, Writable } from "node:stream";
import type { Exit } from "./exit.ts";
import { createLines } from "./lines.ts";

const script = readFileSync(join(import.meta.dirname, "guard.sh"), "utf8");

export interface Guardable {
  command: string;
  args: string[];
  folder?: string;
  environment: NodeJS.ProcessEnv;
  /** Without input, standard input ends at once. */
  hasInput?: boolean;
  /** Gives it a two-way stream on file descriptor `channelFd`. */
  hasChannel?: boolean;
}

export interface Guarded {
  input: Writable | null;
  output: Readable;
  errors: Readable;
  channel: Duplex | null;
  /** Null if it has ended before this was known. */
  pid: Promise<number | null>;
  /** How the program ended, whatever it left. */
  ended: Promise<Exit>;
  /** Ends the program and all its descendants: TERM, and KILL as soon as the program is gone or after `termMs`. */
  stop: () => Promise<void>;
}

export const channelFd = 4;
const termMs = 500;
const killMs = 3000;
const canGuard = process.platform !== "win32";
/** A resource limit in KiB that marks descendants. Too large to limit anything, and even: the next odd one is the guard's own. */
const newTag = (): number => 4e15 + 2 * randomInt(2 ** 40);

export const startGuarded = ({ command, args, folder, environment, hasInput = false, hasChannel = false }: Guardable): Guarded => {
  const tag = newTag();
  const [file, list] = canGuard ? ["/bin/sh", ["-c", script, "hopwise-guard", String(tag), command, ...args]] : [command, args];
  const child = spawn(file, list, {
    detached: canGuard,
    stdio: [hasInput ? "pipe" : "ignore", "pipe", "pipe", canGuard ? "pipe" : "ignore", ...(hasChannel ? (["pipe"] as const) : [])],
    env: environment,
    ...(folder ? { cwd: folder } : {}),
  });
  const [input, output, errors, control, channel] = child.stdio as unknown as [Writable | null, Readable, Readable, Duplex | null, Duplex?];
  for (const stream of [input, output, errors, control, channel]) stream?.on("error", () => {});
  const ended = Promise.withResolvers<Exit>();
  const pid = Promise.withResolvers<number | null>();
  const gone = once(child, "close").catch(() => {});
  const end = (result: Exit): void => {
    ended.resolve(result);
    pid.resolve(null);
  };
  const report = createLines((line) => {
    const [word, value] = line.split(" ");
    if (word === "pid") pid.resolve(Number(value));
    else end(endOf(Number(value)));
  });
  if (control === null) pid.resolve(child.pid ?? null);
  control?.on("data", (piece: Buffer) => report.add(piece));
  child.on("error", ({ message }) => end({ notStarted: message }));
  let stopping: Promise<void> | null = null;
  let isBroken = false;
  child.on("exit", (code, signal) => {
    // If the guard was killed, its watcher may have survived, and cleans up.
    isBroken = signal !== null && stopping === null;
    control?.end();
    end(signal === null ? { code: code ?? -1 } : { signal });
  });

  const stopNow = async (): Promise<void> => {
    if (child.pid === undefined) return;
    if (control === null) child.kill("SIGTERM");
    else control.write("end\n");
    await within(termMs, ended.promise);
    if (control === null) child.kill("SIGKILL");
    else control.end();
    // "close" also means that no descendant holds its output any more.
    if (!(await within(killMs, gone)) || isBroken) await sweep(tag, child);
    for (const stream of child.stdio) stream?.destroy();
  };

  const stop = (): Promise<void> => (stopping ??= stopNow());
  return { input, output, errors, channel: channel ?? null, pid: pid.promise, ended: ended.promise, stop };
};

/** A second guard cleans up if the first was killed or is late. */
const sweep = async (tag: number, { pid }: ChildProcess): Promise<void> => {
  if (!canGuard || pid === undefined) return;
  const child = spawn("/bin/sh", ["-c", script, "hopwise-guard", String(tag), "true"], {
    detached: true,
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  (child.stdio[3] as Duplex | null | undefined)
    ?.on("error", () => {})
    .resume()
    .end("end\n");
  await within(
    killMs,
    once(child, "close").catch(() => {}),
  );
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Already gone.
  }
};

/** Whether it settled in time. */
export const within = async (limitMs: number, wanted: Promise<unknown>): Promise<boolean> => {
  const limit = Promise.withResolvers<false>();
  const timer = setTimeout(limit.resolve, limitMs, false);
  const isInTime = await Promise.race([wanted.then(() => true), limit.promise]);
  clearTimeout(timer);
  return isInTime;
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

/** The shell reports a signal as 128 and its number. */
const endOf = (status: number): Exit => {
  const signal = signals[status - 128];
  return signal === undefined ? { code: status } : { signal };
};
