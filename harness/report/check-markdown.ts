// The report of `hopwise check` in Markdown, for a pull request or a job summary: a table, and a collapsible section per finding.
import { aloneSentence } from "./check-alone.ts";
import { markOf, unproven } from "./check-card.ts";
import { diffLines } from "./check-diff.ts";
import type { Group } from "./check-group.ts";
import { factSentences } from "./check-facts.ts";
import { notCheckedSentences } from "./check-not-run.ts";
import { groupsOf, seenIn, several } from "./check-group.ts";
import type { CheckReport } from "./check-report.ts";
import { next } from "./check-pretty.ts";
import { cellWords, legend as tableLegend, rowsOf } from "./check-table.ts";
import { noCommands, said, sourceLine } from "./check-text.ts";
import { proxiesSentence } from "./check-proxies.ts";
import { countsOf, keptSentences, pageOfRule, placeOf, attemptsSentence, unexplained, unjudged, wordsOfRule } from "./check-words.ts";
import { heartbeatSentence } from "./heartbeat.ts";
import { paintOf } from "./look.ts";
import { legend, picture } from "./picture.ts";
import { fit } from "./text.ts";

/** A GitHub comment has at most 65,536 characters. */
export const room = 60_000;
const rowsAtMost = 100;
export const linesAtMost = 30;

export const checkMarkdown = (report: CheckReport): string => {
  const groups = groupsOf(report);
  const pictured = groups.some((group) => drawingOf(report, group).length > 0);
  const blocks = [
    `## hopwise check: ${countsOf(report)}`,
    ...(report.answer === undefined ? [] : [`**${prose(report.answer)}**`]),
    about(report),
    ...tableOf(report),
    ...factSentences(report)
      .map(({ sentence, routes }) => `- ${code(several(routes))}: ${prose(sentence)}`)
      .slice(0, linesAtMost),
    ...heartbeatSentence(report).map((text) => `Heartbeat: ${prose(text)}.`),
    ...(report.interrupted ? ["**Interrupted: what was not done is missing here.**"] : []),
  ];
  const end = [...openOf(report), ...(pictured ? [legend] : []), ...next(report).map((text) => `Next: ${prose(text)}.`)];
  let left = room - length(blocks) - length(end);
  const shown = groups.map((group) => findingOf(report, group)).filter((block) => (left -= block.length + 2) > 0);
  const missing = groups.length - shown.length;
  const all = [...blocks, ...shown, ...(missing > 0 ? [`${missing} more did not fit.`] : []), ...end];
  return `${noCommands(all.join("\n\n"))}\n`;
};

const length = (blocks: readonly string[]): number => blocks.reduce((sum, block) => sum + block.length + 2, 0);

/**
 * Text without markup: special characters become entities. A zero-width space stops a site from linking `@name` or `#1`. Valid in
 * Markdown and in HTML.
 */
export const prose = (text: string): string =>
  said(text)
    .trim()
    .replaceAll(markup, (mark) => `&#${mark.charCodeAt(0)};`)
    .replaceAll(/(&#(?:33|35|36|37|38|64|94|126);)(?=\w)/g, "$1&#8203;");

/** List markers, bare links, emoji; `_` between letters is not markup. */
const markup = /^[-+]|[.)](?<=^\d+.)|\.(?<=www\.)|:(?=[\w/])|[!#$%&*<>@[\\\]^`{|}~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/gi;

/** Names and paths, shortened to their beginning. */
export const code = (text: string): string => `<code>${prose(fit(said(text), 200)).replaceAll("&#8203;", "")}</code>`;

/** A fence longer than any inside the text. */
export const fenced = (lines: readonly string[], language = ""): string => {
  let longest = 2;
  for (const line of lines) for (const [run] of line.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = "`".repeat(longest + 1);
  return [`${fence}${language}`, ...lines, fence].join("\n");
};

const about = (report: CheckReport): string => {
  const { given, purpose, server, stubs, notChecked } = report;
  return [
    `${code(given)} for ${code(purpose)}, run by ${code(server.version)} in ${code(server.image)}${server.why === "" ? "" : ` (${prose(server.why)})`}`,
    ...proxiesSentence(report).map((text) => `- ${prose(text)}`),
    ...keptSentences(report).map((text) => `- application: ${prose(text)}`),
    ...attemptsSentence(report).map((text) => `- attempts: ${prose(text)}`),
    ...aloneSentence(report).map((text) => `- alone: ${prose(text)}`),
    ...stubs.map(({ what, why }) => `- stub: ${prose(what)} (${prose(why)})`),
    ...notChecked.map(({ what, why, at }) => `- not checked: ${code(`${placeOf(at)}: ${what}`)} (${prose(why)})`),
  ]
    .slice(0, linesAtMost)
    .join("\n");
};

const tableOf = (report: CheckReport): string[] => {
  const { shown, rows } = rowsOf(report);
  if (rows.length === 0 || shown.length === 0) return [];
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const more = rows.length - rowsAtMost;
  return [
    [
      row(["route", ...shown]),
      row(["---", ...shown.map(() => "---")]),
      ...rows
        .slice(0, rowsAtMost)
        .map(({ route, cells }) =>
          row([code(route), ...shown.map((column) => cellWords(cells.get(column) ?? { state: "untested", words: [] }))]),
        ),
    ].join("\n"),
    `${more > 0 ? `${more} more routes did not fit. ` : ""}${tableLegend}`,
  ];
};

const drawingOf = (report: CheckReport, { first }: Group): string[] => {
  const seen = first.level === "error" ? seenIn(report, first) : null;
  return seen ? picture(seen.scenario, seen.facet, { width: 90, color: false }, paintOf({ color: false })) : [];
};

const findingOf = (report: CheckReport, group: Group): string => {
  const { first, routes, checks, conditions } = group;
  const { level, rule, at, quote, says, evidence, culprit, fix } = first;
  const drawn = drawingOf(report, group);
  const links = [...new Set([culprit?.link, fix?.link].flatMap((link) => (link ? [link] : [])))];
  return [
    "<details>",
    `<summary>${markOf[level]} ${code(placeOf(at))} ${prose(says)}</summary>`,
    "",
    `**${rule}** on ${code(several(routes))}, seen in ${code(several(checks))}${conditions.length > 0 ? ` (${code(conditions.join(", "))})` : ""}`,
    "",
    ...(quote === undefined ? [] : [fenced([`${at.line} │ ${sourceLine(quote).trim()}`]), ""]),
    ...(culprit?.with ? [`together with ${code(`${placeOf(culprit.with.at)}: ${culprit.with.directive}`)}`, ""] : []),
    ...(drawn.length > 0 ? [fenced(drawn), ""] : []),
    ...(fix?.before === evidence ? [] : [prose(evidence), ""]),
    ...unproven(first).flatMap((text) => [prose(text), ""]),
    ...group.fixes.flatMap((one) => fixOf(one, group.fixes.length > 1)),
    ...(fix === null && level === "error" ? ["No fix was proven.", ""] : []),
    ...(level === "note" ? [] : [`*${rule}*: ${wordsOfRule(rule).meaning} (${pageOfRule(rule)})`, ""]),
    ...links.flatMap((link) => [`see ${code(link)}`, ""]),
    "</details>",
  ].join("\n");
};

const fixOf = (
  { fix: { title, diff, headers, before, after, costs, alsoChanges }, routes }: Group["fixes"][number],
  isOneOf: boolean,
): string[] => [
  `**${headers === null ? "Fix" : "Fix, in the application"}**${isOneOf ? ` for ${code(several(routes))}` : ""}: ${prose(title)}`,
  "",
  ...(diff === null ? [] : [fenced(diffLines(diff), "diff"), ""]),
  ...(headers === null
    ? []
    : [
        fenced(
          headers.map(([name, value]) => said(`${name}: ${value}`)),
          "http",
        ),
        "",
      ]),
  `- before: ${prose(before)}`,
  `- after: ${prose(after)}`,
  ...costs.map((cost) => `- cost: ${prose(cost)}`),
  ...(alsoChanges ? [`- also changes: ${code(several(alsoChanges))}`] : []),
  "",
];

const openOf = (report: CheckReport): string[] => {
  const lines = [
    ...unjudged(report).map(({ route, check, outcome, why }) => `- ? ${code(`${route.id} ${check}`)} ${outcome}: ${prose(why)}`),
    ...unexplained(report).map(({ route, check, why }) => `- ✗ ${code(`${route.id} ${check}`)} ${prose(why)}`),
    ...notCheckedSentences(report).map(({ text }) => `- ? ${prose(text)}`),
  ];
  const few = lines.slice(0, linesAtMost);
  const more = lines.length - few.length;
  return lines.length > 0 ? [[...few, ...(more > 0 ? [`- ${more} more`] : [])].join("\n")] : [];
};
