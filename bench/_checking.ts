// Runs `hopwise check` as a library many times: with a separate folder for each configuration.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openCatalog } from "../harness/catalog/catalog.ts";
import { check } from "../harness/check/check.ts";
import { checksOf } from "../harness/check/checks.ts";
import type { Purpose } from "../harness/check/checks.ts";
import type { TrialTrace } from "../harness/check/environment.ts";
import { readSubject } from "../harness/check/subject.ts";
import type { CheckReport } from "../harness/report/check-report.ts";
import { openSession } from "../harness/session/session.ts";
import { askForEngine } from "../harness/session/choose-runtime.ts";
import { openContainer } from "../harness/runtime/container.ts";
import { chooseVersion } from "../harness/catalog/versions.ts";
import type { Expected } from "../test/configs/_expected.ts";

export interface Checking extends AsyncDisposable {
  /** The report's file names are relative to the configuration's folder. */
  checkFiles: (
    expected: Expected,
    files: ReadonlyMap<string, string>,
    version: string,
    onTrace?: (seen: TrialTrace) => void,
  ) => Promise<CheckReport>;
}

/** Runs several concurrently, each worker with its own lab. On abort, they finish and clean up. */
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
    if (stopping.signal.aborted) throw new Error("Interrupted: the results so far are incomplete");
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
};

const openChecking = async (signal: AbortSignal): Promise<Checking> => {
  const engine = await askForEngine();
  if (engine === null) throw new Error("No container engine answered; `npm run prepare-engine` starts one where Debian's is installed");
  const runtime = await openContainer(engine, () => {});
  const session = await openSession(runtime);
  return {
    checkFiles: async (expected, files, version, onTrace) => {
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
          .servers.entries.find(({ id }) => id === subject.server.id)
          ?.load();
        if (definition?.kind !== "binary") throw new Error(`The catalog has no server "${subject.server.id}"`);
        const { report } = await check({
          runtime,
          session,
          build: { definition, version: chooseVersion(definition, version), image: null },
          why: "the version that the expectation is for",
          config: subject.config,
          checks: checksOf(expected.purpose as Purpose),
          given: expected.given,
          purpose: expected.purpose as Purpose,
          version: "corpus",
          signal,
          ...(onTrace ? { onTrace } : {}),
        });
        return report;
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    [Symbol.asyncDispose]: async () => {
      await session[Symbol.asyncDispose]();
      await runtime[Symbol.asyncDispose]();
    },
  };
};
