// The report as JUnit XML: one suite with a case per scenario. Scenarios that could not be judged are errors; unsupported ones are skipped.
import { card } from "./card.ts";
import type { Report, ScenarioReport } from "./report.ts";
import { meaningOf, outcomeWords } from "./words.ts";
import { element } from "./xml.ts";

export const junit = (report: Report): string => {
  const { scenarios, startedAt, tookMs } = report;
  const results = scenarios.map(resultOf);
  const count = (wanted: Result["tag"]): number => results.filter(({ tag }) => tag === wanted).length;
  const broken = report.interrupted ? [interruption(scenarios.length)] : [];
  const totals = {
    tests: scenarios.length + broken.length,
    failures: count("failure"),
    errors: count("error") + broken.length,
    skipped: count("skipped"),
    time: seconds(tookMs),
  };
  const suite = element("testsuite", { name: "hopwise", ...totals, timestamp: startedAt.replace(/(\.\d+)?Z$/, "") }, [
    element("properties", {}, propertiesOf(report)),
    ...scenarios.map((scenario, index) => testcase(scenario, results[index] ?? resultOf(scenario))),
    ...broken,
  ]);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element("testsuites", { name: "hopwise", ...totals }, [suite])}\n`;
};

/** An interrupted run must not look like one without failures. */
const interruption = (done: number): string =>
  element("testcase", { classname: "hopwise", name: "The run completes" }, [
    element("error", { message: `interrupted after ${done} scenarios; the others are missing`, type: "interrupted" }),
  ]);

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

const propertiesOf = ({ tool, runtime, machine, timeScale, versions }: Report): string[] =>
  Object.entries({
    hopwise: tool.version,
    runtime,
    "lab.node": machine.labNode,
    ...(timeScale === 1 ? {} : { timeScale: String(timeScale) }),
    ...Object.fromEntries(Object.entries(versions).map(([hop, version]) => [`version.${hop}`, version])),
  }).map(([name, value]) => element("property", { name, value }));

interface Result {
  tag: "passed" | "failure" | "error" | "skipped";
  message: string;
}

const resultOf = (report: ScenarioReport): Result => {
  const { outcome, headline, culprit, why, baseline } = report;
  switch (outcome) {
    case "pass":
      return { tag: "passed", message: why };
    case "fail": {
      const message = `${headline}${culprit === null ? "" : `, culprit: ${culprit}`}: ${why}`;
      return baseline?.change === "known"
        ? { tag: "skipped", message: `known from the baseline: ${message}` }
        : { tag: "failure", message };
    }
    case "unsupported":
      return { tag: "skipped", message: `${outcomeWords[outcome].word}: ${why}` };
    default:
      return { tag: "error", message: `${outcomeWords[outcome].word}: ${why}` };
  }
};

const testcase = (report: ScenarioReport, { tag, message }: Result): string => {
  const { id, title, file, tookMs, headline, outcome } = report;
  const text = card(report, { width: 100, color: false }).text;
  const words = element("system-out", {}, `${text}\n\n${headline}: ${meaningOf(headline)}\n`);
  const inside = {
    passed: () => [words],
    skipped: () => [element("skipped", { message }), words],
    failure: () => [element("failure", { message, type: headline }, text)],
    error: () => [element("error", { message, type: outcome }, text)],
  }[tag]();
  return element("testcase", { classname: `hopwise.${id}`, name: title, file: file ?? undefined, time: seconds(tookMs) }, inside);
};
