// The corpus and its mutations through the prediction alone: what a user without a container engine is shown.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { checksOf } from "../../../harness/check/checks.ts";
import type { Purpose } from "../../../harness/check/checks.ts";
import { predict } from "../../../harness/check/predict.ts";
import { readSubject } from "../../../harness/check/subject.ts";
import type { Rule } from "../../../harness/report/check-report.ts";
import type { Prediction } from "../../../harness/report/predicted-report.ts";
import { mainOf, readCorpus } from "../../configs/_corpus.ts";
import { expectedOf } from "../../configs/_expected.ts";
import type { Expected, ExpectedFinding } from "../../configs/_expected.ts";
import { mutationsOf } from "../../configs/_mutations.ts";

export const corpus = readCorpus().map((sample) => ({ ...sample, name: sample.expected.name }));
const usual = "1.26";
const asUsual = corpus.map((sample) => ({ ...sample, expected: expectedOf(sample.expected, usual), main: mainOf(sample) }));
export const mutations = mutationsOf(asUsual, 1);
export const mutatedSample = (name: string) => asUsual.find(({ expected }) => expected.name === name);

export interface Predicted {
  predictions: Prediction[];
  /** Of the route with this title; null: there is none. */
  on: (location: string, host: string | null) => Prediction[] | null;
}

/** `version`: null where no image names one, as for most. */
export const predictFiles = async (
  { given, env, path, purpose }: Expected,
  files: ReadonlyMap<string, string>,
  version: string | null,
): Promise<Predicted> => {
  const folder = mkdtempSync(join(tmpdir(), "hopwise-predicted-"));
  try {
    for (const [name, text] of files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const { config } = await readSubject(given, { cwd: folder, env, ...(path === null ? {} : { path }) });
    const known = version === null ? config : config.with({ version: `nginx/${version}.0` });
    const predictions = predict(known, checksOf(purpose as Purpose));
    return {
      predictions,
      on: (location, host) => {
        const route = known.routes.find((one) => one.title === location && (host === null || one.host === host));
        return route ? predictions.filter((one) => one.route === route.id) : null;
      },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** One kind of fault by one line. */
export interface Claim {
  rule: Rule;
  line: string;
  directive: string;
}

export const risksIn = (predictions: readonly Prediction[]): Claim[] =>
  predictions
    .filter(({ level }) => level === "risk")
    .flatMap(({ at, directive, risks }) => risks.map(({ rule }) => ({ rule, line: `${at.file}:${at.line}`, directive })));

export const isOf = ({ rule, also, lines }: Pick<ExpectedFinding, "rule" | "also" | "lines">, claims: Claim): boolean =>
  (claims.rule === rule || also.includes(claims.rule)) && lines.includes(claims.line);

export interface Figures {
  nginx: string;
  findings: number;
  found: number;
  risks: number;
  expected: number;
  healthyRoutes: number;
  accused: number;
}

/** Of the corpus, as measured on one version; `isKnown`: whether the prediction is given that version. */
export const figuresOf = async (version: string, isKnown: boolean): Promise<Figures> => {
  const figures = { findings: 0, found: 0, risks: 0, expected: 0, healthyRoutes: 0, accused: 0 };
  for (const { expected, files } of corpus.filter((sample) => sample.expected.nginx.includes(version))) {
    // oxlint-disable-next-line no-await-in-loop
    const { on } = await predictFiles(expected, files, isKnown ? version : null);
    for (const { location, host, findings } of expectedOf(expected, version).routes) {
      const claims = risksIn(on(location, host) ?? []);
      const errors = findings.filter(({ level }) => level === "error");
      const wanted = errors.filter(({ maybe }) => !maybe);
      figures.findings += wanted.length;
      figures.found += wanted.filter((finding) => claims.some((one) => isOf(finding, one))).length;
      figures.risks += claims.length;
      figures.expected += claims.filter((one) => errors.some((finding) => isOf(finding, one))).length;
      if (errors.length > 0) continue;
      figures.healthyRoutes += 1;
      figures.accused += Number(claims.length > 0);
    }
  }
  return { nginx: isKnown ? version : `not named (measured on ${version})`, ...figures };
};

export const tableOf = (rows: readonly Figures[]): string =>
  [
    "| nginx | faults that a run finds | of them predicted, with the line | risks predicted | of them found by a run | healthy routes | of them with a risk |",
    "|---|--:|--:|--:|--:|--:|--:|",
    ...rows.map(
      ({ nginx, findings, found, risks, expected, healthyRoutes, accused }) =>
        `| ${nginx} | ${findings} | ${found} | ${risks} | ${expected} | ${healthyRoutes} | ${accused} |`,
    ),
  ].join("\n");
