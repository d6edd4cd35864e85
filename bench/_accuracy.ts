// What is known of how often `hopwise check` is right: the results of bench/check-corpus.ts and bench/check-mutations.ts, and their page.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageRoot } from "../harness/catalog.ts";

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
  /** What was told of the route instead, or why nothing could be. */
  told: string[];
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
  told: string[];
}

export interface HealthyFigures {
  date: string;
  server: string;
  configurations: number;
  repetitions: number;
  accused: Repetition[];
  /** Where something was left undecided, and nobody accused. */
  notJudged: Repetition[];
}

export interface MutationResults {
  schema: "hopwise.check-mutations/1";
  mutations: MutationFigures | null;
  healthy: HealthyFigures | null;
}

export const corpusFile = join(packageRoot, "results/check-corpus.json");
export const mutationsFile = join(packageRoot, "results/check-mutations.json");
export const accuracyPage = join(packageRoot, "docs/accuracy.md");
const markers = { from: "<!-- figures: node bench/accuracy.ts -->", to: "<!-- /figures -->" };

const readResults = (file: string): unknown => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null);

export const readCorpusResults = (): CorpusResults | null => readResults(corpusFile) as CorpusResults | null;

export const readMutationResults = (): MutationResults | null => readResults(mutationsFile) as MutationResults | null;

export const writeResults = (file: string, results: CorpusResults | MutationResults): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
};

/** The page with what results/ holds. */
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
    ...mutations.missed.map(({ id, told }) => `- missed: \`${id}\`; told: ${cell(told.join("; ") || "nothing")}`),
    ...mutations.wrongLine.map(({ id, told }) => `- another line: \`${id}\`; told: ${cell(told.join("; "))}`),
  ];
  return [
    `| harmful single changes (${mutations.server}, ${mutations.date.slice(0, 10)}, seed ${mutations.seed}) | |\n|---|--:|`,
    `| that the generator makes | ${mutations.harmfulHere} |`,
    `| of them tried | ${mutations.tried} |`,
    `| found | ${mutations.detected} (${mutations.detectedPercent} %) |`,
    `| by the right line | ${mutations.rightLine} (${mutations.rightLinePercent} %) |`,
    ...(others.length > 0 ? [`\nNot as they should be:\n\n${others.join("\n")}`] : []),
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
    `| that accused somebody | ${accused.length} |`,
    `| that left something undecided, and accused nobody | ${notJudged.length} |`,
    ...(accused.length > 0
      ? [
          `\nAccused:\n\n${accused.map(({ config, repetition, told }) => `- \`${config}\`, repetition ${repetition}: ${cell(told.join("; "))}`).join("\n")}`,
        ]
      : []),
  ].join("\n");
};
