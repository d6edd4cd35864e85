// `hopwise check` as a library, many times over: one runtime for all, a folder of its own for each configuration.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openCatalog } from "../harness/catalog.ts";
import { check } from "../harness/check/check.ts";
import { checksOf } from "../harness/check/checks.ts";
import type { Purpose } from "../harness/check/checks.ts";
import { readSubject } from "../harness/check/subject.ts";
import type { CheckReport } from "../harness/report/check-report.ts";
import { openStage } from "../harness/measure.ts";
import { askForEngine } from "../harness/runtime/choose.ts";
import { openContainer } from "../harness/runtime/container.ts";
import { chooseVersion } from "../harness/versions.ts";
import type { Expected } from "../test/configs/_expected.ts";

export interface Checking extends AsyncDisposable {
  /** The report's file names are relative to the configuration's folder. */
  checkFiles: (expected: Expected, files: ReadonlyMap<string, string>, version: string) => Promise<CheckReport>;
}

/** So many at a time, each worker in a lab of its own. Told to stop, they end what they are at, and take down what they put up. */
export const checkMany = async <Job>(
  jobs: readonly Job[],
  atOnce: number,
  one: (job: Job, checking: Checking) => Promise<void>,
): Promise<void> => {
  const queue = [...jobs];
  const stopping = new AbortController();
  const stop = (): void => {
    queue.length = 0;
    stopping.abort();
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.once(signal, stop);
  const work = async (): Promise<void> => {
    await using checking = await openChecking(stopping.signal);
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) await one(job, checking);
  };
  try {
    await Promise.all(Array.from({ length: Math.min(Math.max(1, atOnce), jobs.length) }, work));
    if (stopping.signal.aborted) throw new Error("Interrupted: what was found so far proves nothing");
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
};

const openChecking = async (signal: AbortSignal): Promise<Checking> => {
  const engine = await askForEngine();
  if (engine === null) throw new Error("No container engine answered; `npm run prepare-engine` starts one where Debian's is installed");
  const runtime = await openContainer(engine, () => {});
  const stage = await openStage(runtime);
  return {
    checkFiles: async (expected, files, version) => {
      const folder = mkdtempSync(join(tmpdir(), "hopwise-check-"));
      try {
        for (const [path, text] of files) {
          mkdirSync(dirname(join(folder, path)), { recursive: true });
          writeFileSync(join(folder, path), text);
        }
        const subject = await readSubject(expected.given, {
          cwd: folder,
          env: expected.env,
          ...(expected.path === null ? {} : { path: expected.path }),
        });
        const definition = await openCatalog()
          .servers.entries.find(({ id }) => id === subject.server)
          ?.load();
        if (definition?.kind !== "binary") throw new Error(`The catalogue has no server "${subject.server}"`);
        const { report } = await check({
          runtime,
          stage,
          build: { definition, version: chooseVersion(definition, version), image: null, args: subject.args, dialect: subject.dialect },
          why: "the version that the expectation is for",
          configuration: subject.configuration,
          checks: checksOf(expected.purpose as Purpose),
          given: expected.given,
          purpose: expected.purpose,
          version: "corpus",
          signal,
        });
        return report;
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    [Symbol.asyncDispose]: async () => {
      await stage[Symbol.asyncDispose]();
      await runtime[Symbol.asyncDispose]();
    },
  };
};
