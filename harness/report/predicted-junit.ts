// As JUnit XML, without an engine: every trial is skipped, and one error says why, so that nothing looks passed.
import { noCommandsInXml } from "./check-junit.ts";
import type { PredictedReport, PredictedRoute, Prediction } from "./predicted-report.ts";
import { placeOf } from "./check-words.ts";
import { countsOf, headline, predictionsOn, proofSteps, requestOf, sentencesOf, subjectOf } from "./predicted-words.ts";
import { element } from "./xml.ts";

const why = "No container engine answers: this trial was not run.";

export const predictedJunit = (report: PredictedReport): string => {
  const skipped = report.routes.reduce((sum, { trials }) => sum + trials.length, 0);
  const root = element("testsuites", { name: "hopwise check", tests: skipped + 1, failures: 0, errors: 1, skipped }, [
    missingEngine(report),
    ...report.routes.map((route) => suiteOf(report, route)),
  ]);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${noCommandsInXml(root)}\n`;
};

const missingEngine = (report: PredictedReport): string => {
  const details = [headline, countsOf(report), ...proofSteps(report)].join("\n");
  return element("testsuite", { name: "hopwise check", tests: 1, failures: 0, errors: 1, skipped: 0 }, [
    element("testcase", { classname: "hopwise check", name: "A container engine answers" }, [
      element("error", { type: report.notRun.reason, message: "No container engine answers: nothing was run." }, `${details}\n`),
    ]),
  ]);
};

const suiteOf = (report: PredictedReport, route: PredictedRoute): string => {
  const predictions = predictionsOn(report, route);
  const { trials } = route;
  const items = predictions.map((one) => [subjectOf(one), ...sentencesOf(one).map((sentence) => `  ${sentence}`)].join("\n"));
  return element(
    "testsuite",
    { name: route.id, tests: trials.length, failures: 0, errors: 0, skipped: trials.length, file: route.at.file },
    [
      element("properties", {}, propertiesOf(report, route)),
      ...trials.map((trial) => caseOf(route, trial, predictions)),
      ...(items.length === 0 ? [] : [element("system-out", {}, `${[headline, ...items].join("\n\n")}\n`)]),
    ],
  );
};

const propertiesOf = ({ tool, given, purpose }: PredictedReport, route: PredictedRoute): string[] =>
  [
    ["hopwise", tool.version],
    ["given", given],
    ["for", purpose],
    ["request", requestOf(route)],
    ["at", `${placeOf(route.at)}: ${route.title}`],
  ].map(([name, value]) => element("property", { name, value }));

const caseOf = ({ id, at }: PredictedRoute, trial: string, predictions: readonly Prediction[]): string => {
  const of = predictions.filter(({ level, risks }) => level === "risk" && risks.some(({ trials }) => trials.includes(trial)));
  const message = [why, ...(of.length === 0 ? [] : [`Predicted, not proven: ${of.map(subjectOf).join("; ")}`])].join(" ");
  return element("testcase", { classname: id, name: trial, file: at.file, line: at.line }, [element("skipped", { message })]);
};
