// The report of `hopwise check` as GitHub workflow commands: an annotation on each culprit line.
// https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
import { unproven } from "./check-card.ts";
import type { Group } from "./check-group.ts";
import { groupsOf, several } from "./check-group.ts";
import { notCheckedSentences } from "./check-not-run.ts";
import type { CheckReport, Line } from "./check-report.ts";
import { said } from "./check-text.ts";
import { countsOf, pageOfRule, unexplained, unjudged } from "./check-words.ts";

export const checkGithub = (report: CheckReport): string =>
  [
    ...groupsOf(report).map(annotationOf),
    ...unexplained(report).map(({ route, check, why }) =>
      command("error", { ...on(route.at), title: `hopwise: ${check}` }, [`${route.id}: ${why}`]),
    ),
    ...unjudged(report).map(({ route, check, outcome, why }) =>
      command("warning", { ...on(route.at), title: `hopwise: ${check} ${outcome}` }, [`${route.id}: ${why}`]),
    ),
    ...notCheckedSentences(report).map(({ at, text }) =>
      command("warning", { ...(at ? on(at) : {}), title: "hopwise: not checked" }, [text]),
    ),
    ...report.notChecked.map(({ what, why, at }) => command("notice", { ...on(at), title: "hopwise: not checked" }, [`${what}: ${why}`])),
    command("notice", { title: "hopwise" }, [
      ...(report.interrupted ? ["interrupted: the remaining checks are missing"] : []),
      ...(report.answer === undefined ? [] : [report.answer]),
      countsOf(report),
    ]),
  ]
    .map((line) => `${line}\n`)
    .join("");

const annotationOf = ({ first, routes, conditions }: Group): string => {
  const { level, rule, at, says, evidence, fix } = first;
  return command(level === "note" ? "notice" : level, { ...on(at), title: `hopwise: ${rule}` }, [
    says,
    [several(routes), ...conditions].join(", "),
    evidence,
    ...unproven(first),
    ...(fix
      ? [
          `${fix.headers ? "Fix, in the application" : "Fix"}: ${fix.title}`,
          ...(fix.headers ?? []).map(([name, value]) => `${name}: ${value}`),
        ]
      : []),
    ...(fix?.costs ?? []).map((cost) => `Cost: ${cost}`),
    `See ${pageOfRule(rule)}`,
  ]);
};

export const on = ({ file, line, column }: Line): Record<string, string> => ({
  file: file.replace(/^(\.\/)+/, ""),
  line: String(line),
  col: String(column),
});

export const command = (name: "error" | "warning" | "notice", properties: Record<string, string>, lines: readonly string[]): string => {
  const words = Object.entries(properties).map(([key, value]) => `${key}=${inProperty(said(value))}`);
  return `::${name} ${words.join(",")}::${lines.map((line) => inData(said(line))).join("%0A")}`;
};

const inData = (text: string): string => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const inProperty = (text: string): string => inData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
