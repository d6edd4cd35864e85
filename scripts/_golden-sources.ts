// Where the golden set comes from: each source runs real chains and yields every trace, including attempts that did not count.
import { inWords } from "../harness/progress.ts";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { disturb } from "../bench/_disturbances.ts";
import { checkMany } from "../bench/_checking.ts";
import { openCatalog } from "../harness/catalog/catalog.ts";
import { packageRoot } from "../harness/catalog/package-root.ts";
import type { Catalog } from "../harness/catalog/catalog.ts";
import type { Entry } from "../harness/catalog/shelf.ts";
import { standardTrials } from "../harness/commands/standard-trials.ts";
import type { Scenario } from "../harness/define.ts";
import type { Trace } from "../harness/model/trace.ts";
import { run } from "../harness/session/run.ts";
import { openRuntime } from "../harness/session/choose-runtime.ts";
import { readCorpus } from "../test/configs/_corpus.ts";
import { mutantCases, mutantCatalog, pairCases, pipeCases } from "../test/e2e/mutants/matrix.ts";

export interface Recording {
  /** A name that was kept before becomes one of another attempt. */
  keep: (name: string, trace: Trace) => void;
  /** Only what has a name that one of these matches; none: all. */
  only: readonly RegExp[];
  /** How often it was recorded before, where it is recorded again and again. */
  rounds: { done: number; wanted: number };
  signal: AbortSignal;
  say: (text: string) => void;
}

interface Source {
  about: string;
  record: (recording: Recording) => Promise<void>;
}

const isWanted = ({ only }: Recording, name: string): boolean => only.length === 0 || only.some((pattern) => pattern.test(name));

interface Running {
  catalog?: Catalog;
  prefix?: string;
  runtime?: "process" | "container";
  concurrency?: number;
}

const runAll = async (
  scenarios: readonly Entry<Scenario>[],
  recording: Recording,
  { catalog = openCatalog(), prefix = "", runtime: kind = "process", concurrency }: Running = {},
): Promise<void> => {
  const { keep, signal, say } = recording;
  const wanted = scenarios.filter(({ id }) => isWanted(recording, `${prefix}${id}`));
  if (wanted.length === 0 || signal.aborted) return;
  await using runtime = await openRuntime(kind, { onProgress: inWords(say), signal });
  await run({
    catalog,
    scenarios: wanted,
    runtime,
    version: "golden",
    signal,
    onProgress: inWords(say),
    onTrace: (id, trace) => keep(`${prefix}${id}`, trace),
    ...(concurrency === undefined ? {} : { concurrency }),
  });
};

const wholeCatalog = (runtime: "process" | "container") => (recording: Recording) =>
  runAll(openCatalog().scenarios.entries, recording, { runtime });

/** Third-party hops in test/, by the command that starts each; the path is not part of the name. */
const strangers = (): { name: string; command: string; concurrency?: number }[] => {
  const folder = join(packageRoot, "test/e2e/strangers");
  const files = [join(packageRoot, "test/mutants/stranger.mjs"), ...readdirSync(folder).map((name) => join(folder, name))];
  const all = files.map((file) => ({
    name: (file.split("/").at(-1) ?? "").replace(/\.mjs$/, ""),
    command: `${process.execPath} ${file}`,
    // In sequence: later ones get the responses that the first one left in the cache.
    ...(file.endsWith("cache-by-path.mjs") ? { concurrency: 1 } : {}),
  }));
  const late = all.find(({ name }) => name === "lets-go-late");
  return [...all, ...(late ? [{ name: "lets-go-late-1300", command: `GRACE_MS=1300 ${late.command}` }] : [])];
};

const recordStrangers = async (recording: Recording): Promise<void> => {
  for (const { name, command, ...more } of strangers()) await runAll(standardTrials(command), recording, { prefix: `${name}/`, ...more });
};

const disturbedRounds =
  (how: Parameters<typeof disturb>[0]) =>
  async (recording: Recording): Promise<void> => {
    const { done, wanted } = recording.rounds;
    const disturbances = disturb(how);
    try {
      for (let round = done + 1; round <= done + wanted; round++) {
        const scenarios = [...mutantCases(), ...pipeCases()].map(({ entry }) => entry);
        await runAll(scenarios, recording, { catalog: mutantCatalog(), prefix: `${round}/` });
      }
    } finally {
      disturbances.end();
    }
  };

const checked =
  (version: string) =>
  async (recording: Recording): Promise<void> => {
    const samples = readCorpus().filter(({ expected }) => expected.nginx.includes(version) && isWanted(recording, expected.name));
    let done = 0;
    await checkMany(samples, 2, async ({ expected, files }, checking) => {
      await checking
        .checkFiles(expected, files, version, ({ server, route, check, trace }) =>
          recording.keep([expected.name, server, route.replaceAll("/", "|"), check].join("/"), trace),
        )
        .catch((error: unknown) => {
          // Traces from before the failure are valid.
          recording.say(`${expected.name}: ${error instanceof Error ? error.message : String(error)}`);
        });
      recording.say(`${++done} of ${samples.length} configurations: ${expected.name}`);
    });
  };

export const sources: Record<string, Source> = {
  "catalog-process": { about: "every scenario of the catalog that runs in processes", record: wholeCatalog("process") },
  "catalog-container": { about: "every scenario of the catalog, in containers", record: wholeCatalog("container") },
  strangers: { about: "the standard trials on hops that the judge was not written for", record: recordStrangers },
  mutants: {
    about: "every bad hop alone, in each place of a chain and in pairs, and straight pipes",
    record: (recording) =>
      runAll(
        [...mutantCases(), ...pairCases(), ...pipeCases()].map(({ entry }) => entry),
        recording,
        { catalog: mutantCatalog() },
      ),
  },
  "soak-bursts": {
    about: "bad hops and straight pipes with every core busy, and bursts of up to 700 ms",
    record: disturbedRounds({ bursts: "700" }),
  },
  "soak-stalls": { about: "the same on a machine that stands still for up to 500 ms", record: disturbedRounds({ stalls: "500" }) },
  "check-nginx-1.26": { about: "hopwise check on the configurations of test/configs, experiments included", record: checked("1.26") },
};
