// As SARIF 2.1.0, without an engine: a note for each predicted risk, and no fix that a tool could apply unread.
import type { PredictedReport, Prediction, Risk } from "./predicted-report.ts";
import { driverOf, locationOf, logOf, sentences, text, timesOf } from "./check-sarif.ts";
import { placeOf, rules } from "./check-words.ts";
import { headline, proofSteps, requestOf, subjectOf } from "./predicted-words.ts";
import { plain } from "./text.ts";

export const predictedSarif = (report: PredictedReport): string =>
  logOf({
    tool: { driver: driverOf(report) },
    automationDetails: { id: `hopwise/${plain(report.given)}/` },
    columnKind: "utf16CodeUnits",
    invocations: [invocationOf(report)],
    results: report.predicted.flatMap((one) => one.risks.map((risk) => resultOf(report, one, risk))),
    properties: { predicted: true },
  });

const resultOf = ({ routes }: PredictedReport, prediction: Prediction, { rule, may, provided }: Risk) => {
  const { id, route, at, quote, with: partner, fix, link } = prediction;
  const [request = route] = routes.filter((one) => one.id === route).map(requestOf);
  return {
    ruleId: rule,
    ruleIndex: rules.indexOf(rule),
    level: "note",
    message: {
      text: text(
        sentences(
          `Predicted, not proven: ${subjectOf(prediction)}`,
          `On ${request} it may ${may}${provided.length === 0 ? "" : `, if ${provided.join(" and ")}`}`,
          fix ? `Fix to try, not proven: ${fix.title}` : null,
        ),
      ),
    },
    locations: [{ ...locationOf(at, quote), logicalLocations: [{ name: plain(route), kind: "resource" }] }],
    ...(partner
      ? { relatedLocations: [{ id: 1, ...locationOf(partner.at), message: { text: text(`together with ${partner.directive}`) } }] }
      : {}),
    // Not a finding's fingerprint, since a finding is proven.
    partialFingerprints: { "hopwise/predicted/v1": plain(`${id}:${rule}`) },
    properties: { predicted: true, tags: ["predicted"], link: plain(link) },
  };
};

const invocationOf = (report: PredictedReport) => ({
  executionSuccessful: false,
  ...timesOf(report),
  toolExecutionNotifications: [
    { level: "error", message: { text: text(sentences(headline.replace(/:$/, ""), ...proofSteps(report))) } },
    ...report.notChecked.map(({ what, why, at }) => ({
      level: "note",
      message: { text: text(`${placeOf(at)} is not checked: ${what}: ${why}`) },
      locations: [locationOf(at)],
    })),
  ],
});
