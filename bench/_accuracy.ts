// How often `hopwise check` is right: the results of bench/check-corpus.ts and bench/check-mutations.ts, and their page.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageRoot } from "../harness/catalog/package-root.ts";

export interface Disagreement {
  config: string;
  complaints: string[];
}

export interface CorpusResult {
  date: string;
  configurations: number;
  disagreed: Disagreement[];
}

export interface CorpusResults {
  schema: "hopwise.check-corpus/1";
  /** By the version of nginx. */
  versions: Record<string, CorpusResult>;
}

export interface Judged {
  id: string;
  detected: boolean;
  rightLine: boolean;
  /** The findings on the route instead, or why there are none. */
  reported: string[];
}

export interface MutationFigures {
  date: string;
  server: string;
  seed: number;
  generated: number;
  harmfulHere: number;
  tried: number;
  detected: number;
  detectedPercent: number;
  rightLine: number;
  rightLinePercent: number;
  missed: Judged[];
  wrongLine: Judged[];
}

interface Repetition {
  config: string;
  repetition: number;
  reported: string[];
}

export interface HealthyFigures {
  date: string;
  server: string;
  configurations: number;
  repetitions: number;
  accused: Repetition[];
  /** Inconclusive, without a finding. */
  notJudged: Repetition[];
}

export interface MutationResults {
  schema: "hopwise.check-mutations/1";
  mutations: MutationFigures | null;
  healthy: HealthyFigures | null;
  /** Repetitions that are not yet as many as those of `healthy`. */
  underWay?: HealthyFigures;
}

export const corpusFile = join(packageRoot, "results/check-corpus.json");
export const mutationsFile = join(packageRoot, "results/check-mutations.json");
export const accuracyPage = join(packageRoot, "docs/accuracy.md");
const markers = { from: "<!-- figures: node bench/accuracy.ts -->", to: "<!-- /figures -->" };

const readResults = (file: string): unknown => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null);

export const readCorpusResults = (): CorpusResults | null => readResults(corpusFile) as CorpusResults | null;

export const readMutationResults = (): MutationResults | null => readResults(mutationsFile) as MutationResults | null;

/** And the page with its figures, so that the two never differ. */
export const writeResults = (file: string, results: CorpusResults | MutationResults): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(accuracyPage, renderedPage());
};

/** Repetitions on record give way to as many. `more` is added to those that are under way. */
export const withHealthy = (known: MutationResults | null, more: HealthyFigures, enough: number): MutationResults => {
  const { underWay, ...rest }: MutationResults = known ?? { schema: "hopwise.check-mutations/1", mutations: null, healthy: null };
  const [accused, notJudged] = [
    [...(underWay?.accused ?? []), ...more.accused],
    [...(underWay?.notJudged ?? []), ...more.notJudged],
  ];
  const all = { ...more, repetitions: (underWay?.repetitions ?? 0) + more.repetitions, accused, notJudged };
  return all.repetitions < enough ? { ...rest, underWay: all } : { ...rest, healthy: all };
};

/** The page, rendered from results/. */
export const renderedPage = (): string => {
  const text = readFileSync(accuracyPage, "utf8");
  const [before, rest] = text.split(markers.from);
  const [, after] = rest?.split(markers.to) ?? [];
  if (before === undefined || after === undefined)
    throw new Error(`${accuracyPage} has no place for the figures between ${markers.from} and ${markers.to}`);
  const parts = [corpusTable(readCorpusResults()), mutationsTable(readMutationResults()), healthyTable(readMutationResults())];
  return `${before}${markers.from}\n\n${parts.filter((part) => part !== "").join("\n\n")}\n\n${markers.to}${after}`;
};

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

const corpusTable = (results: CorpusResults | null): string => {
  if (!results) return "";
  const versions = Object.entries(results.versions);
  const rows = versions.map(
    ([version, { date, configurations, disagreed }]) =>
      `| ${version} | ${date.slice(0, 10)} | ${configurations} | ${configurations - disagreed.length} |`,
  );
  const others = versions.flatMap(([version, { disagreed }]) =>
    disagreed.map(({ config, complaints }) => `- nginx ${version}, \`${config}\`: ${cell(complaints.join("; "))}`),
  );
  return [
    "| nginx | date | configurations | as expected |\n|---|---|--:|--:|",
    rows.join("\n"),
    ...(others.length > 0 ? [`\nNot as expected:\n\n${others.join("\n")}`] : []),
  ].join("\n");
};

const mutationsTable = (results: MutationResults | null): string => {
  const { mutations } = results ?? {};
  if (!mutations) return "";
  const others = [
    ...mutations.missed.map(({ id, reported }) => `- missed: \`${id}\`; reported: ${cell(reported.join("; ") || "nothing")}`),
    ...mutations.wrongLine.map(({ id, reported }) => `- another line: \`${id}\`; reported: ${cell(reported.join("; "))}`),
  ];
  return [
    `| harmful single changes (${mutations.server}, ${mutations.date.slice(0, 10)}, seed ${mutations.seed}) | |\n|---|--:|`,
    `| made by the generator | ${mutations.harmfulHere} |`,
    `| tried | ${mutations.tried} |`,
    `| found | ${mutations.detected} (${mutations.detectedPercent} %) |`,
    `| with the right line | ${mutations.rightLine} (${mutations.rightLinePercent} %) |`,
    ...(others.length > 0 ? [`\nNot found, or with another line:\n\n${others.join("\n")}`] : []),
  ].join("\n");
};

const healthyTable = (results: MutationResults | null): string => {
  const { healthy } = results ?? {};
  if (!healthy) return "";
  const { accused, notJudged } = healthy;
  return [
    `| healthy configurations (${healthy.server}, ${healthy.date.slice(0, 10)}) | |\n|---|--:|`,
    `| configurations, ${healthy.repetitions} times each | ${healthy.configurations} |`,
    `| checks | ${healthy.configurations * healthy.repetitions} |`,
    `| with a finding | ${accused.length} |`,
    `| inconclusive, without a finding | ${notJudged.length} |`,
    ...(accused.length > 0
      ? [
          `\nWith a finding:\n\n${accused.map(({ config, repetition, reported }) => `- \`${config}\`, repetition ${repetition}: ${cell(reported.join("; "))}`).join("\n")}`,
        ]
      : []),
  ].join("\n");
};
