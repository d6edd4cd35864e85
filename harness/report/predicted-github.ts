// As GitHub workflow commands, without an engine: one warning, and a notice for each prediction on its line.
import { command, on } from "./check-github.ts";
import type { PredictedReport, Prediction } from "./predicted-report.ts";
import { pageOfRule } from "./check-words.ts";
import { countsOf, headline, proofSteps, requestOf, sentencesOf, subjectOf } from "./predicted-words.ts";

export const predictedGithub = (report: PredictedReport): string =>
  [
    command("warning", { title: "hopwise: nothing was run" }, [headline, countsOf(report), ...proofSteps(report)]),
    ...report.predicted.map((one) => noticeOf(report, one)),
    ...report.notChecked.map(({ what, why, at }) => command("notice", { ...on(at), title: "hopwise: not checked" }, [`${what}: ${why}`])),
  ]
    .map((line) => `${line}\n`)
    .join("");

const noticeOf = ({ routes }: PredictedReport, prediction: Prediction): string => {
  const { at, route, risks, fix } = prediction;
  const request = routes.filter(({ id }) => id === route).map(requestOf);
  return command("notice", { ...on(at), title: "hopwise: predicted, not proven" }, [
    subjectOf(prediction),
    ...request,
    ...sentencesOf(prediction),
    ...(fix === null ? [] : ["Fix to try, not proven:", ...fix.diff.trimEnd().split("\n")]),
    ...new Set(risks.map(({ rule }) => `See ${pageOfRule(rule)}`)),
  ]);
};
