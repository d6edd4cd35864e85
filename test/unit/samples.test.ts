// What the documentation shows of Hopwise's output was printed by a run: docs/samples has its input and what it recorded.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { packageRoot } from "../../harness/catalog/package-root.ts";
import { isPredicted } from "../../harness/report/predicted-report.ts";
import { pages, recordedReport, renderedSamples, sampleRuns } from "../../scripts/_samples.ts";
import { predictedOf } from "./report/_predicted.ts";

const textOf = (path: string): string => readFileSync(join(packageRoot, path), "utf8");
const reported = sampleRuns().filter(({ reporter }) => reporter === "json");
const ran = reported.filter(({ withoutEngine }) => !withoutEngine);
const predicted = reported.filter(({ withoutEngine }) => withoutEngine);

test.for(pages())("%s shows its recorded runs as they are rendered today (npm run samples)", (page) => {
  expect(renderedSamples(page)).toBe(textOf(page));
});

test.for(pages().filter((page) => page !== "README.md"))("%s shows no output but that of recorded runs", (page) => {
  const fences = Array.from(textOf(page).matchAll(/(.*)\n```(\w*)\n[^]*?\n```$/gm), ([, before = "", language = ""]) => ({
    before,
    language,
  }));
  const output = fences.filter(({ language }) => !["ts", "js", "yaml", "python", "nginx", "sh"].includes(language));
  expect(output.filter(({ before }) => !before.startsWith("<!-- sample: "))).toEqual([]);
});

test("every recorded run is shown", () => {
  const all = pages().map(textOf).join("\n");
  expect(sampleRuns().filter(({ id }) => !all.includes(`<!-- sample: ${id} `))).toEqual([]);
});

test.for(reported)("the recorded report of $id is one of today's schema", (run) => {
  const schema = JSON.parse(textOf("harness/report/check.schema.json")) as object;
  const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);
  validate(recordedReport(run));
  expect(validate.errors ?? []).toEqual([]);
});

test.for(ran)("$id: a server ran, every trial was judged, and each place and quote is a line of the input", (run) => {
  const report = recordedReport(run);
  if (isPredicted(report)) throw new Error(`${run.recorded} is a prediction`);
  expect(report.server.version).toMatch(/^nginx\/\d/);
  expect(report.interrupted).toBe(false);
  const outcomes = report.routes.flatMap(({ checks }) => checks.map(({ scenario }) => scenario.outcome));
  expect(outcomes.filter((outcome) => outcome !== "pass" && outcome !== "fail")).toEqual([]);
  expect(report.findings).not.toEqual([]);
  for (const { at, quote, culprit } of report.findings) {
    const lines = textOf(join(run.folder, at.file)).split("\n");
    expect(quote).toBe(lines[at.line - 1]);
    if (culprit && !culprit.absent) expect(lines[culprit.at.line - 1]).toContain(culprit.directive.split(" ")[0]);
  }
});

test.for(predicted)("$id: what was recorded is what is predicted today", async (run) => {
  const report = recordedReport(run);
  const { tool, machine, startedAt, tookMs } = report;
  const today = await predictedOf(textOf(`${run.folder}/deploy/nginx.conf`));
  expect(report).toEqual({ ...JSON.parse(JSON.stringify(today)), tool, machine, startedAt, tookMs });
});
