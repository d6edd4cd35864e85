// A program that is held at one of its steps (fixtures/hold.ts), or whose guards are, so that it can be killed there.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { constants, openSync, writeSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createLines } from "../../../harness/runtime/lines.ts";
import type { Hold } from "./fixtures/hold.ts";

export interface Held extends AsyncDisposable {
  pid: number;
  /** What holds: `step`, or the number of a program whose guard does. */
  held: ReadonlySet<string>;
  /** The lines that it printed. */
  printed: readonly string[];
  /** Once this is so, or it has ended. */
  until: (isSo: () => boolean) => Promise<void>;
  hasEnded: () => boolean;
  /** Kills it, and lets its guards go on. */
  kill: () => Promise<void>;
  /** So far, in their order. */
  steps: () => Promise<string[]>;
}

const hold = join(import.meta.dirname, "fixtures/hold.ts");
/** More than all guards together wait for, less than a pipe takes. */
const releases = "\n".repeat(60_000);

/** `node <args>`, to be held at `at`. */
export const startHeld = async (
  args: readonly string[],
  at: Partial<Pick<Hold, "step" | "guards">> = {},
  environment: NodeJS.ProcessEnv = {},
): Promise<Held> => {
  const folder = await mkdtemp(join(tmpdir(), "held-"));
  await promisify(execFile)(
    "mkfifo",
    ["held", "go"].map((name) => join(folder, name)),
  );
  // A pipe that is opened for both does not block.
  const [heldPipe = 0, goPipe = 0] = ["held", "go"].map((name) => openSync(join(folder, name), constants.O_RDWR | constants.O_NONBLOCK));
  const reported: Hold = { folder, step: null, guards: {}, ...at };
  const child = spawn(process.execPath, ["--import", hold, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment, HOPWISE_TEST_HOLD: JSON.stringify(reported) },
  });
  const gone = once(child, "exit");
  const held = new Set<string>();
  const printed: string[] = [];
  let isOver = false;
  let changed = Promise.withResolvers<void>();
  const change = (): void => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  void gone.then(() => {
    isOver = true;
    change();
  });
  const [heard, out] = [(line: string) => held.add(line), (line: string) => printed.push(line)].map((take) =>
    createLines((line) => {
      take(line);
      change();
    }),
  );
  const ear = new Socket({ fd: heldPipe, readable: true, writable: false }).on("data", (piece: Buffer) => heard?.add(piece));
  const gate = new Socket({ fd: goPipe, readable: false, writable: false });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece: Buffer) => out?.add(piece));
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await gone;
    writeSync(goPipe, releases);
  };
  return {
    pid: child.pid ?? 0,
    held,
    printed,
    until: async (isSo) => {
      while (!isOver && !isSo()) await changed.promise;
    },
    hasEnded: () => isOver,
    kill,
    steps: async () => (await readFile(join(folder, "steps"), "utf8").catch(() => "")).split("\n").filter(Boolean),
    [Symbol.asyncDispose]: async () => {
      if (!isOver) await kill();
      ear.destroy();
      gate.destroy();
      await rm(folder, { recursive: true });
    },
  };
};
