// Samples of the documentation: a folder of docs/samples has the input and a runs.yaml, and the recorded output of each run.
// A page shows them in blocks, where <what> is `command`, `output`, a file of the folder, or a reporter of `hopwise check`:
//
//   <!-- sample: <folder>/<run> <what> [width] -->
//   ```
//   ```
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { packageRoot } from "../harness/catalog/package-root.ts";
import type { AnyCheckReport } from "../harness/report/predicted-report.ts";
import { checkReporters } from "../harness/commands/formats.ts";

export interface SampleRun {
  /** `<folder>/<run>`, as pages name it. */
  id: string;
  /** As a reader types it. */
  command: string;
  /** Where it runs. */
  folder: string;
  /** The recorded output, relative to the package. */
  recorded: string;
  /** The reporter that the output is recorded with; null: what the command prints is kept as it is. */
  reporter: string | null;
  withoutEngine: boolean;
  exitCode: number;
}

type Described = Pick<SampleRun, "command" | "exitCode"> & Partial<Pick<SampleRun, "folder" | "reporter" | "withoutEngine">>;

const samplesFolder = "docs/samples";
const inPackage = (path: string): string => join(packageRoot, path);
const textOf = (path: string): string => readFileSync(inPackage(path), "utf8");

export const sampleRuns = (): SampleRun[] =>
  readdirSync(inPackage(samplesFolder)).flatMap((name) => {
    const folder = `${samplesFolder}/${name}`;
    // The README's samples have a command of their own (npm run readme).
    if (!existsSync(inPackage(`${folder}/runs.yaml`))) return [];
    const runs = parse(textOf(`${folder}/runs.yaml`)) as Record<string, Described>;
    return Object.entries(runs).map(([run, { reporter = null, withoutEngine = false, ...described }]) => ({
      folder,
      reporter,
      withoutEngine,
      ...described,
      id: `${name}/${run}`,
      recorded: `${folder}/${run}.${reporter === null ? "txt" : "json"}`,
    }));
  });

export const recordedReport = ({ recorded }: SampleRun): AnyCheckReport => JSON.parse(textOf(recorded)) as AnyCheckReport;

export const pages = (): string[] => [
  "README.md",
  ...readdirSync(inPackage("docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`)
    .toSorted(),
];

const block = /(<!-- sample: (\S+)\/(\S+) (\S+)(?: (\d+))? -->\n```\w*\n)(?:(?!```).*\n)*(```\n)/g;

/** The page with its blocks rendered from the recorded runs. */
export const renderedSamples = (page: string): string => {
  const runs = sampleRuns();
  return textOf(page).replaceAll(
    block,
    (_, before: string, folder: string, name: string, what: string, width: string | undefined, after: string) => {
      const run = runs.find(({ id }) => id === `${folder}/${name}`);
      if (!run) throw new Error(`${page}: there is no run "${name}" in ${samplesFolder}/${folder}/runs.yaml`);
      return `${before}${shown(page, run, what, Number(width ?? 100))}${after}`;
    },
  );
};

const shown = (page: string, run: SampleRun, what: string, width: number): string => {
  if (what === "command") return `${run.command}\n`;
  if (what === "output") return textOf(run.recorded);
  const reporter = checkReporters.get(what);
  if (reporter) return reporter.render(recordedReport(run), { width, color: false });
  if (/[./]/.test(what)) return textOf(`${run.folder}/${what}`);
  throw new Error(
    `${page}: "${what}" of ${run.id} is neither command, output, a file, nor one of ${[...checkReporters.keys()].join(", ")}`,
  );
};
