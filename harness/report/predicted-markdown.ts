// In Markdown, without an engine: the headline first, then a section for each route.
import { diffLines } from "./check-diff.ts";
import { code, fenced, linesAtMost, prose, room } from "./check-markdown.ts";
import type { PredictedReport, PredictedRoute, Prediction } from "./predicted-report.ts";
import { noCommands } from "./check-text.ts";
import { pageOfRule, placeOf } from "./check-words.ts";
import {
  countsOf,
  headline,
  nothingKnown,
  predictionsOn,
  proofSteps,
  purposeOf,
  requestOf,
  sentencesOf,
  subjectOf,
} from "./predicted-words.ts";

export const predictedMarkdown = (report: PredictedReport): string => {
  const start = ["## hopwise check: nothing was run", `**${headline}**`, about(report)];
  const end = [
    proofSteps(report)
      .map((step) => `- ${prose(step)}`)
      .join("\n"),
    prose(countsOf(report)),
  ];
  let left = room - [...start, ...end].reduce((sum, block) => sum + block.length + 2, 0);
  const sections = report.routes.map((route) => section(report, route));
  const shown = sections.filter((block) => (left -= block.length + 2) > 0);
  const missing = sections.length - shown.length;
  const more = missing > 0 ? [`${missing} more ${missing === 1 ? "route" : "routes"} did not fit.`] : [];
  return `${noCommands([...start, ...shown, ...more, ...end].join("\n\n"))}\n`;
};

const about = ({ given, purpose, notChecked }: PredictedReport): string =>
  [
    `${code(given)} for ${code(purpose)}`,
    ...notChecked.map(({ what, why, at }) => `- not checked: ${code(`${placeOf(at)}: ${what}`)} (${prose(why)})`),
  ]
    .slice(0, linesAtMost)
    .join("\n");

const section = (report: PredictedReport, route: PredictedRoute): string => {
  const predictions = predictionsOn(report, route);
  return [
    `### ${code(requestOf(route))}`,
    prose(purposeOf(report, route)),
    ...(predictions.length === 0 ? [prose(nothingKnown)] : predictions.map(item)),
  ].join("\n\n");
};

const item = (prediction: Prediction): string => {
  const { level, risks, fix } = prediction;
  return [
    "<details>",
    `<summary>${level === "risk" ? "!" : "•"} ${code(subjectOf(prediction))}</summary>`,
    "",
    ...sentencesOf(prediction).map((sentence) => `- ${prose(sentence)}`),
    "",
    ...(fix === null ? [] : ["Fix to try, not proven:", "", fenced(diffLines(fix.diff), "diff"), ""]),
    ...(fix?.cost ? [`Possible cost: ${prose(fix.cost)}`, ""] : []),
    `See ${[...new Set(risks.map(({ rule }) => pageOfRule(rule)))].join(", ")}`,
    "",
    "</details>",
  ].join("\n");
};
