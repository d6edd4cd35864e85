// `node scripts/test.ts [--within minutes] [arguments of Vitest]`. What failed while other tests ran is run again, alone and file by file, as
// `check` repeats alone what was refused under a load of its own; a failure that remains is one. What passed only then is named at the end:
// its cause is to be found. `--within` begins no more files after so many minutes, and names those that are left: on a slow machine a gate
// ends in time with most of the tests, and each commit has another order of them.
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import config from "../vitest.config.ts";

/** If more files fail, the reason is not that others ran. */
const atMost = 10;
/** With a limit of time: as many as a project has workers, and one where files run one after another. */
const filesAtATime = (project: string | undefined): number => {
  const isSerial = config.test?.projects?.some(
    (one) => typeof one === "object" && "test" in one && one.test?.name === project && one.test?.fileParallelism === false,
  );
  return Number(process.env["HOPWISE_TEST_FILES_AT_A_TIME"] ?? (isSerial ? 1 : 2));
};

const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));

/** Vitest's exit code. `failed` names the file into which `test/_reporter.ts` writes what may run again. `isBesideOthers`: other runs print at the
 *  same time, so its output is shown when it has ended. */
const run = async (args: readonly string[], failed: string, isBesideOthers = false): Promise<number> => {
  // A file and no pipe, which a process that a test left behind would keep open.
  await using output = isBesideOthers ? await open(`${failed}.output`, "w") : null;
  const child = spawn(process.execPath, [vitest, "run", ...args], {
    stdio: output ? ["ignore", output.fd, output.fd] : "inherit",
    env: { ...process.env, HOPWISE_FAILED_TESTS: failed, ...(isBesideOthers && process.stdout.isTTY ? { FORCE_COLOR: "1" } : {}) },
  });
  const stop = (): boolean => child.kill();
  process.once("SIGTERM", stop);
  const [code] = (await once(child, "exit")) as [number | null];
  process.off("SIGTERM", stop);
  if (output) process.stdout.write(await readFile(`${failed}.output`));
  return code ?? 1;
};

const failedFiles = async (path: string): Promise<string[]> => {
  const written = await readFile(path, "utf8").catch(() => "[]");
  await rm(path, { force: true });
  return JSON.parse(written) as string[];
};

interface Listed {
  file: string;
  projectName?: string;
}

/** What Vitest would run with these arguments. */
const listed = async (args: readonly string[]): Promise<Listed[]> => {
  const child = spawn(process.execPath, [vitest, "list", ...args, "--filesOnly", "--json"], { stdio: ["ignore", "pipe", "inherit"] });
  return JSON.parse(await text(child.stdout)) as Listed[];
};

const commit = (): string => {
  try {
    return execFileSync("git", ["rev-parse", "HEAD"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return "";
  }
};

/** Each project's files in an order of this commit's. */
const inOrder = (files: readonly Listed[]): [project: string | undefined, files: string[]][] => {
  const at = commit();
  const rank = (file: string): string => createHash("sha256").update(at).update(file).digest("hex");
  return Map.groupBy(files, ({ projectName }) => projectName)
    .entries()
    .map(([project, own]): [string | undefined, string[]] => [
      project,
      own.map(({ file }) => relative(process.cwd(), file)).toSorted((one, other) => (rank(one) < rank(other) ? -1 : 1)),
    ])
    .toArray();
};

interface Ran {
  code: number;
  /** May run again. */
  failed: string[];
  /** What failed would fail alone, too: an error of no file, or a skip without a reason. */
  isFinal: boolean;
}

const ranOnce = async (args: readonly string[], list: string, isBesideOthers = false): Promise<Ran> => {
  const code = await run(args, list, isBesideOthers);
  const failed = await failedFiles(list);
  return { code, failed, isFinal: code !== 0 && failed.length === 0 };
};

/** One project after another; within a project, the next file begins when one ends. */
const runWithin = async (minutes: number, args: readonly string[], list: string): Promise<Ran> => {
  const until = performance.now() + 60_000 * minutes;
  const all: Ran = { code: 0, failed: [], isFinal: false };
  const notRun: string[] = [];
  for (const [project, left] of inOrder(await listed(args))) {
    const most = filesAtATime(project);
    const runSome = async (_: unknown, place: number): Promise<void> => {
      while (left.length > 0 && performance.now() < until && !interrupted) {
        const file = left.shift() ?? "";
        console.error(`${file}${most > 1 ? " (beside others: its output is shown when it has ended)" : ""}`);
        // oxlint-disable-next-line no-await-in-loop
        const one = await ranOnce([...(project ? ["--project", project] : []), file], `${list}-${place}`, most > 1);
        all.code = Math.max(all.code, one.code);
        all.failed.push(...one.failed);
        all.isFinal ||= one.isFinal;
      }
    };
    // oxlint-disable-next-line no-await-in-loop
    await Promise.all(Array.from({ length: most }, runSome));
    notRun.push(...left);
  }
  if (notRun.length > 0 && !interrupted)
    console.error(`\n${minutes} minutes are over: ${notRun.length} files were not run: ${notRun.join(", ")}`);
  return all;
};

// Ctrl-C reaches Vitest too, which ends by itself; this waits for it.
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => (interrupted = true));

const withinOf = (args: string[]): number | null => {
  const at = args.indexOf("--within");
  if (at === -1) return null;
  const [, minutes] = args.splice(at, 2);
  if (minutes === undefined || !/^\d+$/.test(minutes)) throw new Error("--within needs a number of minutes, e.g. --within 40");
  return Number(minutes);
};

const folder = await mkdtemp(join(tmpdir(), "hopwise-test-"));
try {
  const list = join(folder, "failed.json");
  const args = process.argv.slice(2);
  const within = withinOf(args);
  const { code: first, failed, isFinal } = within === null ? await ranOnce(args, list) : await runWithin(within, args, list);
  let code = first;
  if (failed.length > atMost) console.error(`${failed.length} files failed: too many to run them again`);
  else if (failed.length > 0 && !isFinal && !interrupted) {
    console.error(`\nfailed while others ran: ${failed.join(", ")}\nrunning this again, alone\n`);
    code = await run([...failed, "--no-file-parallelism", "--max-workers", "1"], list);
    if (code === 0) console.error(`passed only when run alone, which is a fault to look for: ${failed.join(", ")}`);
  }
  process.exitCode = code;
} finally {
  await rm(folder, { recursive: true, force: true });
}
