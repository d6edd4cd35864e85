// `hopwise merge`: combines the reports of shards.
import { besideBaseline } from "../report/baseline.ts";
import type { ControlFigures } from "../model/trace.ts";
import type { Part, Report, ScenarioReport } from "../report/report.ts";
import { AuthorError } from "../errors.ts";
import { exitCodeOf } from "./exit-code.ts";
import { outputsOf, prepareFolders, publish } from "./outputs.ts";
import { readBaseline, readReport } from "./read-report.ts";
import { openPage, withPage } from "./open-page.ts";
import type { OpenFlag } from "./open-page.ts";
import type { Screen } from "./screen.ts";

export interface MergeFlags extends OpenFlag {
  reporter: string[];
  baseline?: string;
  allowUnsupported?: boolean;
}

export interface Source {
  file: string;
  report: Report;
}

export const mergeCommand = async (files: readonly string[], flags: MergeFlags, screen: Screen): Promise<number> => {
  const outputs = await withPage(outputsOf(flags.reporter), flags);
  const baseline = flags.baseline === undefined ? null : await readBaseline(flags.baseline);
  const merged = merge(await Promise.all(files.map(async (file) => ({ file, report: await readReport(file) }))));
  const report = baseline ? { ...merged, scenarios: merged.scenarios.map((one) => besideBaseline(one, baseline)) } : merged;
  await prepareFolders(outputs);
  await publish(outputs, report, screen);
  await openPage(outputs, flags, screen);
  return exitCodeOf(report, { allowUnsupported: flags.allowUnsupported ?? false });
};

/** Throws AuthorErrors if the reports do not belong together, or if one is missing. */
export const merge = (sources: readonly Source[]): Report => {
  const [first, ...others] = sources;
  if (!first) throw new AuthorError("hopwise merge needs reports, e.g. npx hopwise merge shards/*.json");
  for (const other of others) refuseStrangers(first, other);
  const scenarios = scenariosOf(sources);
  refuseGaps(sources);
  const reports = sources.map(({ report }) => report);
  const parts = reports.flatMap((report) => (report.parts.length > 0 ? report.parts : [partOf(report)]));
  return {
    ...first.report,
    versions: versionsOf(reports),
    control: parts.map(({ control }) => control).reduce(worse),
    startedAt: reports.map(({ startedAt }) => startedAt).toSorted()[0] ?? first.report.startedAt,
    // The shards ran in parallel.
    tookMs: Math.max(...reports.map(({ tookMs }) => tookMs)),
    interrupted: reports.some(({ interrupted }) => interrupted),
    shard: null,
    parts,
    scenarios,
  };
};

const mustAgree: [what: string, of: (report: Report) => string][] = [
  ["the version of Hopwise", ({ tool }) => tool.version],
  ["the runtime", ({ runtime }) => runtime],
  ["the time scale", ({ timeScale }) => String(timeScale)],
];

const refuseStrangers = (one: Source, other: Source): void => {
  for (const [what, of] of mustAgree)
    if (of(one.report) !== of(other.report))
      throw new AuthorError(
        `${one.file} and ${other.file} are not parts of one run: ${what} is ${of(one.report)} in one and ${of(other.report)} in the other`,
      );
};

const scenariosOf = (sources: readonly Source[]): ScenarioReport[] => {
  const owners = new Map<string, string>();
  for (const { file, report } of sources)
    for (const { id } of report.scenarios) {
      const owner = owners.get(id);
      if (owner !== undefined)
        throw new AuthorError(
          `${owner} and ${file} both contain "${id}", but a scenario belongs to one shard: is a report named twice, or made without --shard?`,
        );
      owners.set(id, file);
    }
  return sources.flatMap(({ report }) => report.scenarios).toSorted((a, b) => (a.id < b.id ? -1 : 1));
};

/** A missing shard must not look like one that passed. */
const refuseGaps = (sources: readonly Source[]): void => {
  const shards = sources.flatMap(({ file, report }) => (report.shard ? [{ file, ...report.shard }] : []));
  const [first] = shards;
  if (!first) return;
  const stranger = shards.find(({ of }) => of !== first.of);
  if (stranger)
    throw new AuthorError(
      `${first.file} is one shard of ${first.of} and ${stranger.file} one of ${stranger.of}: all reports must have the same total in --shard index/total`,
    );
  const there = new Set(shards.map(({ index }) => index));
  const missing = Array.from({ length: first.of }, (_, at) => at + 1).filter((index) => !there.has(index));
  if (missing.length > 0)
    throw new AuthorError(`The report of shard ${missing.map((index) => `${index}/${first.of}`).join(", ")} is missing`);
};

const partOf = ({ shard, machine, control, startedAt, tookMs }: Report): Part => ({ shard, machine, control, startedAt, tookMs });

/** The worse figure of two machines, since a common percentile cannot be computed. */
const worse = (a: ControlFigures | null, b: ControlFigures | null): ControlFigures | null =>
  a && b
    ? {
        samples: a.samples + b.samples,
        p50Ms: Math.max(a.p50Ms, b.p50Ms),
        p99Ms: Math.max(a.p99Ms, b.p99Ms),
        maxMs: Math.max(a.maxMs, b.maxMs),
        netP99Ms: Math.max(a.netP99Ms, b.netP99Ms),
      }
    : (a ?? b);

/** If two machines ran different versions of a hop, both are listed. */
const versionsOf = (reports: readonly Report[]): Record<string, string> => {
  const versions = new Map<string, Set<string>>();
  for (const report of reports)
    for (const [hop, version] of Object.entries(report.versions)) versions.set(hop, (versions.get(hop) ?? new Set()).add(version));
  return Object.fromEntries([...versions].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([hop, all]) => [hop, [...all].join(" and ")]));
};
