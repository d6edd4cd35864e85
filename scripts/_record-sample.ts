// Runs the command of a sample and saves its output.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { packageRoot } from "../harness/catalog/package-root.ts";
import type { SampleRun } from "./_samples.ts";

const programs: Record<string, string[]> = {
  "npx hopwise": [process.execPath, join(packageRoot, "bin/hopwise.cjs")],
  node: [process.execPath, "--import", join(packageRoot, "scripts/_from-sources.ts")],
};

/** Simulates a machine without an engine: a mount namespace without an engine socket. */
const hidden = ["unshare", "--map-root-user", "--mount", "sh", "-c", 'mount -t tmpfs none /run && exec "$@"', "sh"];

export const record = async (run: SampleRun): Promise<void> => {
  const [program = "", ...before] = commandOf(run);
  const child = spawn(program, before, {
    cwd: join(packageRoot, run.folder),
    env: { ...process.env, NO_COLOR: "1", ...(run.withoutEngine ? { DOCKER_HOST: undefined, XDG_RUNTIME_DIR: undefined } : {}) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
  const [out, [code, signal]] = await Promise.all([text(child.stdout), closed]);
  if (code !== run.exitCode) throw new Error(`${run.id} ended with ${signal ?? code}, not ${run.exitCode}: ${run.recorded} is unchanged`);
  await writeFile(join(packageRoot, run.recorded), out);
};

const commandOf = ({ id, command, reporter, withoutEngine }: SampleRun): string[] => {
  const [name, program] = Object.entries(programs).find(([one]) => command.startsWith(`${one} `)) ?? [];
  if (name === undefined || program === undefined)
    throw new Error(`${id}: "${command}" begins with none of ${Object.keys(programs).join(", ")}`);
  const words = command.slice(name.length + 1).split(" ");
  return [...(withoutEngine ? hidden : []), ...program, ...words, ...(reporter === null ? [] : ["--reporter", reporter])];
};
