// For people, without an engine: a section for each route with what its directives may do.
import { diffLines } from "./check-diff.ts";
import type { PredictedReport, PredictedRoute, Prediction } from "./predicted-report.ts";
import { noCommands, said } from "./check-text.ts";
import { placeOf } from "./check-words.ts";
import type { Look, Paint } from "./look.ts";
import { paintOf } from "./look.ts";
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
import { fit, wrap } from "./text.ts";

export const predictedPretty = (report: PredictedReport, look: Look): string => {
  const paint = paintOf(look);
  const seen = new Map<string, string>();
  const blocks = [
    wrap(headline, look.width).map((line) => paint.yellow(paint.bold(line))),
    about(report, look, paint),
    ...report.routes.map((route) => section(report, route, look, paint, seen)),
    [...proofSteps(report).flatMap((step, index) => row(index === 0 ? "next" : "", step, look, paint)), paint.bold(countsOf(report))],
  ];
  return `${noCommands(blocks.map((lines) => lines.join("\n")).join("\n\n"))}\n`;
};

const row = (name: string, text: string, { width }: Look, paint: Paint): string[] =>
  wrap(said(text), width - 13).map((line, index) => `${paint.dim((index === 0 ? name : "").padEnd(13))}${line}`);

const about = ({ given, files, purpose, notChecked }: PredictedReport, look: Look, paint: Paint): string[] => [
  ...wrap(said(`${given}, for ${purpose}`), look.width).map(paint.bold),
  ...(files.length > 1 || files[0] !== given ? row("read", files.join(", "), look, paint) : []),
  ...notChecked.flatMap(({ what, why, at }) => row("not checked", `${placeOf(at)}: ${what} (${why})`, look, paint)),
];

/** `seen`: the sections above, by their text. */
const section = (report: PredictedReport, route: PredictedRoute, look: Look, paint: Paint, seen: Map<string, string>): string[] => {
  const predictions = predictionsOn(report, route);
  const inner = { ...look, width: look.width - 2 };
  const items = predictions.map((one) => {
    const { route: _, id: __, ...rest } = one;
    const key = JSON.stringify(rest);
    const above = seen.get(key);
    seen.set(key, above ?? requestOf(route));
    return item(one, above ?? null, inner, paint);
  });
  return [
    ...wrap(said(requestOf(route)), look.width).map(paint.bold),
    ...wrap(said(purposeOf(report, route)), inner.width).map((line) => `  ${paint.dim(line)}`),
    ...(items.length === 0 ? [`  ${nothingKnown}`] : items.flatMap((lines) => ["", ...lines.map((line) => `  ${line}`)])),
  ];
};

const item = (prediction: Prediction, above: string | null, { width }: Look, paint: Paint): string[] => {
  const isRisk = prediction.level === "risk";
  const mark = isRisk ? "!" : "•";
  const color = isRisk ? paint.yellow : paint.cyan;
  const [first = "", ...rest] = wrap(said(subjectOf(prediction)), width - 2);
  const indented = (line: string): string => `  ${line}`;
  return [
    `${color(paint.bold(mark))} ${paint.bold(first)}`,
    ...rest.map((line) => indented(paint.bold(line))),
    ...(above === null
      ? [
          ...sentencesOf(prediction).flatMap((sentence) => wrap(said(sentence), width - 2)),
          ...(prediction.fix ? fix(prediction.fix.diff, width - 2, paint) : []),
        ]
      : wrap(said(`the same as for ${above}`), width - 2)
    ).map(indented),
  ];
};

const label = "fix to try  ";

/** Only the changed lines: the place is shown above. */
const fix = (diff: string, width: number, paint: Paint): string[] =>
  diffLines(diff)
    .filter((line) => /^[-+](?![-+]{2} )/.test(line))
    .map((line, index) => {
      const color = line.startsWith("+") ? paint.green : paint.red;
      const text = fit(`${line.slice(0, 1)} ${line.slice(1).trim()}`, width - label.length);
      return `${paint.dim(index === 0 ? label : " ".repeat(label.length))}${color(text)}`;
    });
