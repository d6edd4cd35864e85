// The report as GitHub workflow commands: a failure is annotated on its scenario's file, if known.
// https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
import { counts } from "./pretty.ts";
import type { Report, ScenarioReport } from "./report.ts";
import { plain } from "./text.ts";
import { outcomeWords } from "./words.ts";

export const github = (report: Report): string =>
  [
    ...report.scenarios.flatMap(annotationOf),
    command("notice", { title: "hopwise" }, [
      ...(report.interrupted ? ["interrupted: the remaining scenarios are missing"] : []),
      counts(report),
    ]),
  ]
    .map((line) => `${line}\n`)
    .join("");

const annotationOf = (report: ScenarioReport): string[] => {
  const { id, title, file, outcome, headline, culprit, why, because, reproduce, baseline } = report;
  const word = `${outcomeWords[outcome].word}${headline === "not-judged" ? "" : ` ${headline}`}${culprit === null ? "" : `, culprit: ${culprit}`}`;
  const place = { file: file ?? undefined, title: `${id}: ${word}${baseline === null ? "" : ` (${baseline.change})`}` };
  const before = baseline === null ? [] : [`In the baseline: ${baseline.was}`];
  const lines = [
    title,
    why,
    ...before,
    ...(because === null ? [] : [`Known from: ${because}`]),
    ...(reproduce === null ? [] : [`Again: ${reproduce}`]),
  ];
  switch (outcome) {
    case "pass":
      return baseline?.change === "fixed" ? [command("notice", place, lines)] : [];
    case "fail":
      return [command(baseline?.change === "known" ? "notice" : "error", place, lines)];
    case "unsupported":
      return [command("notice", place, lines)];
    default:
      return [command("warning", place, lines)];
  }
};

const command = (
  name: "error" | "warning" | "notice",
  properties: Record<string, string | undefined>,
  lines: readonly string[],
): string => {
  const words = Object.entries(properties).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${inProperty(plain(value))}`]));
  return `::${name} ${words.join(",")}::${lines.map((line) => inData(plain(line))).join("%0A")}`;
};

const inData = (text: string): string => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const inProperty = (text: string): string => inData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
