// Runs Vitest with the arguments given. What failed while other tests ran is run again, alone and file by file, as `check` repeats alone what
// was refused under a load of its own; a failure that remains is one. What passed only then is named at the end: its cause is to be found.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** If more files fail, the reason is not that others ran. */
const atMost = 10;

const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));

/** Vitest's exit code. `failed` names the file into which `test/_reporter.ts` writes what may run again. */
const run = async (args: readonly string[], failed: string): Promise<number> => {
  const child = spawn(process.execPath, [vitest, "run", ...args], {
    stdio: "inherit",
    env: { ...process.env, HOPWISE_FAILED_TESTS: failed },
  });
  const stop = (): boolean => child.kill();
  process.once("SIGTERM", stop);
  const [code] = (await once(child, "exit")) as [number | null];
  process.off("SIGTERM", stop);
  return code ?? 1;
};

const failedFiles = async (path: string): Promise<string[]> => {
  const text = await readFile(path, "utf8").catch(() => "[]");
  return JSON.parse(text) as string[];
};

// Ctrl-C reaches Vitest too, which ends by itself; this waits for it.
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => (interrupted = true));

const folder = await mkdtemp(join(tmpdir(), "hopwise-test-"));
try {
  const list = join(folder, "failed.json");
  let code = await run(process.argv.slice(2), list);
  const files = code === 0 || interrupted ? [] : await failedFiles(list);
  if (files.length > atMost) console.error(`${files.length} files failed: too many to run them again`);
  else if (files.length > 0) {
    console.error(`\nfailed while others ran: ${files.join(", ")}\nrunning this again, alone\n`);
    code = await run([...files, "--no-file-parallelism", "--max-workers", "1"], list);
    if (code === 0) console.error(`passed only when run alone, which is a fault to look for: ${files.join(", ")}`);
  }
  process.exitCode = code;
} finally {
  await rm(folder, { recursive: true, force: true });
}
