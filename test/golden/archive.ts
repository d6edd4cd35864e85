// The golden set on the disk: for each source its traces and, in a file beside it, the verdicts on them when they were recorded. Both are
// gzipped, one line of JSON each.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { constants, gunzip, gzip } from "node:zlib";
import type { Trace } from "../../harness/model/trace.ts";
import type { Verdict } from "../../harness/model/verdict.ts";
import { renamed } from "./names.ts";
import { traceOfToday } from "./recorded-trace.ts";

export interface SavedTrace {
  name: string;
  trace: Trace;
}

export interface SavedVerdict {
  name: string;
  verdict: Verdict;
}

const folder = import.meta.dirname;
const tracesEnd = ".ndjson.gz";
const verdictsEnd = ".verdicts.ndjson.gz";

/** In order. */
export const sourcesThere = async (): Promise<string[]> =>
  (await readdir(folder))
    .filter((name) => name.endsWith(tracesEnd) && !name.endsWith(verdictsEnd))
    .map((name) => name.slice(0, -tracesEnd.length))
    .toSorted();

const zip = promisify(gzip);
const unzip = promisify(gunzip);

const linesOf = async (file: string): Promise<string[]> =>
  (await unzip(await readFile(join(folder, file))))
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map(renamed);

/** Lines of JSON for `savedTraceOf`: read one by one, they need no memory for all. */
export const traceLines = (source: string): Promise<string[]> => linesOf(`${source}${tracesEnd}`);

export const savedTraceOf = (line: string): SavedTrace => {
  const { name, trace } = JSON.parse(line) as { name: string; trace: unknown };
  return { name, trace: traceOfToday(trace) };
};

export const readVerdicts = async (source: string): Promise<SavedVerdict[]> =>
  (await linesOf(`${source}${verdictsEnd}`)).map((line) => JSON.parse(line) as SavedVerdict);

/** Lines of JSON, in the same order. */
export const writeSource = async (source: string, traces: readonly string[], verdicts: readonly string[]): Promise<void> => {
  for (const [end, lines] of [[tracesEnd, traces] as const, [verdictsEnd, verdicts] as const])
    await writeFile(
      join(folder, `${source}${end}`),
      await zip(lines.map((line) => `${line}\n`).join(""), { level: constants.Z_BEST_COMPRESSION }),
    );
};
