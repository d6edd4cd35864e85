// `hopwise show`: a saved report or trace again, in any format. Nothing is measured; a trace is judged again.
import { stat } from "node:fs/promises";
import { availableParallelism, platform } from "node:os";
import { basename } from "node:path";
import { AuthorError } from "../errors.ts";
import { traceReport } from "../report/trace-report.ts";
import type { SavedTraceFile } from "../report/trace-report.ts";
import { exitCodes } from "./exit-code.ts";
import { checkReporters, probeReporters, runReporters } from "./formats.ts";
import { openPage, withPage } from "./open-page.ts";
import type { OpenFlag } from "./open-page.ts";
import { outputsFor, prepareFolders } from "./outputs.ts";
import type { Reporters } from "./formats.ts";
import { readSaved } from "./read-saved.ts";
import type { Saved } from "./read-saved.ts";
import type { Screen } from "./screen.ts";

export interface ShowFlags extends OpenFlag {
  reporter: string[];
}

export const showCommand = async (files: readonly string[], flags: ShowFlags, screen: Screen): Promise<number> => {
  const saved = await Promise.all(files.map(async (file) => ({ file, saved: await readSaved(file) })));
  const [first] = saved;
  if (!first) throw new AuthorError("hopwise show needs a report or a trace, e.g. npx hopwise show report.json");
  if (saved.length > 1 && saved.some(({ saved: { kind } }) => kind !== "trace"))
    throw new AuthorError("hopwise show takes one report, or any number of traces; npx hopwise merge combines the reports of shards");
  if (first.saved.kind === "probe") return shown(probeReporters, first.saved.report, flags, screen);
  if (first.saved.kind === "check") return shown(checkReporters, first.saved.report, flags, screen);
  return shown(runReporters, first.saved.kind === "run" ? first.saved.report : await judged(saved, screen), flags, screen);
};

const shown = async <R>(reporters: Reporters<R>, report: R, flags: ShowFlags, screen: Screen): Promise<number> => {
  const { outputsOf, publish } = outputsFor(reporters);
  const outputs = await withPage(outputsOf(flags.reporter), flags);
  await prepareFolders(outputs);
  await publish(outputs, report, screen);
  await openPage(outputs, flags, screen);
  return exitCodes.holds;
};

const judged = async (all: readonly { file: string; saved: Saved }[], { version }: Screen) => {
  const traces = all.flatMap(({ file, saved }): SavedTraceFile[] =>
    saved.kind === "trace" ? [{ name: basename(file, ".json"), trace: saved.trace }] : [],
  );
  const { mtime } = await stat(all[0]?.file ?? "");
  const report = traceReport(traces, {
    tool: { name: "hopwise", version },
    machine: { platform: platform(), cores: availableParallelism(), node: process.version, labNode: process.version },
    startedAt: mtime.toISOString(),
  });
  if (!report) throw new AuthorError("There is no trace to show");
  return report;
};
