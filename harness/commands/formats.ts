// Every output format by the name that `--reporter` knows it by: the files of harness/report/formats/.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { AuthorError } from "../errors.ts";
import { nearestTo } from "../catalog/shelf.ts";
import { formatFiles, formatsFolder, nameOfFormat } from "./format-names.ts";
import type { Format, Renderer } from "../report/format.ts";
import type { AnyCheckReport } from "../report/predicted-report.ts";
import type { ProbeReport } from "../report/probe-report.ts";
import type { Report } from "../report/report.ts";

export type Reporters<R> = ReadonlyMap<string, { ending: string | null; render: Renderer<R> }>;

const formats: ReadonlyMap<string, Format> = new Map(
  await Promise.all(
    formatFiles().map(async (file) => {
      const { default: format } = (await import(pathToFileURL(join(formatsFolder, file)).href)) as { default: Format };
      return [nameOfFormat(file), format] as const;
    }),
  ),
);

const reportersOf = <R>(renderer: (format: Format) => Renderer<R> | undefined): Reporters<R> =>
  new Map(
    [...formats].flatMap(([name, format]) => {
      const render = renderer(format);
      return render ? [[name, { ending: format.ending, render }] as const] : [];
    }),
  );

export const runReporters = reportersOf<Report>(({ run }) => run);
export const probeReporters = reportersOf<ProbeReport>(({ probe }) => probe);
export const checkReporters = reportersOf<AnyCheckReport>(({ check }) => check);

/** Of a format that exists; otherwise an error that names the nearest one. */
export const reporterNamed = <R>(reporters: Reporters<R>, name: string, given = name): { ending: string | null; render: Renderer<R> } => {
  const reporter = reporters.get(name);
  if (!reporter) throw new AuthorError(`--reporter ${given} is unknown; ${nearestTo(name, [...reporters.keys()])}`);
  return reporter;
};
