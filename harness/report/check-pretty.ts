// The report of `hopwise check` for people: what was checked, routes × facets, a card per finding, and the counts as the last line.
import { findingCard } from "./check-card.ts";
import { groupsOf, several } from "./check-group.ts";
import { limitsTold } from "./check-limits.ts";
import type { CheckReport } from "./check-report.ts";
import { legend as tableLegend, table } from "./check-table.ts";
import { noCommands, said } from "./check-text.ts";
import { countsOf, keptSentences, placeOf, twiceSentence, unexplained, unjudged } from "./check-words.ts";
import type { Look, Paint } from "./look.ts";
import { paintOf } from "./look.ts";
import { legend } from "./picture.ts";
import { duration, wrap } from "./text.ts";

export const checkPretty = (report: CheckReport, look: Look): string => {
  const paint = paintOf(look);
  // What needs attention stands nearest the end, where people look.
  const told = new Set<string>();
  const cards = groupsOf(report)
    .toReversed()
    .map((group) => {
      const card = findingCard(report, group, look, told);
      if (group.first.cure?.diff) told.add(group.first.cure.diff);
      return card;
    });
  const routes = table(report, look, paint);
  const blocks = [
    about(report, look, paint),
    ...(routes.length > 0 ? [[...routes, ...wrap(tableLegend, look.width).map(paint.dim)]] : []),
    limits(report, look),
    ...cards.map(({ text }) => [text]),
    open(report, look, paint),
    ...(cards.some(({ pictured }) => pictured) ? [wrap(legend, look.width).map(paint.dim)] : []),
    summary(report, look, paint),
  ];
  const text = blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
  return `${noCommands(text)}\n`;
};

const rowsIn =
  ({ width }: Look, paint: Paint) =>
  (name: string, text: string): string[] =>
    wrap(said(text), width - 10).map((line, index) => `${paint.dim((index === 0 ? name : "").padEnd(10))}${line}`);

const about = (report: CheckReport, look: Look, paint: Paint): string[] => {
  const { given, files, purpose, server, overlays, leftOut, control, realTime } = report;
  const row = rowsIn(look, paint);
  return [
    ...wrap(said(`${given}, for ${purpose}`), look.width).map(paint.bold),
    ...(files.length > 1 || files[0] !== given ? row("read", files.join(", ")) : []),
    ...row("ran", `${server.version} in ${server.image}${server.why === "" ? "" : ` (${server.why})`}`),
    ...keptSentences(report).flatMap((text) => row("kept", text)),
    ...overlays.flatMap(({ what, why }) => row("overlay", `${what} (${why})`)),
    ...leftOut.flatMap(({ what, why, at }) => row("left out", `${placeOf(at)}: ${what} (${why})`)),
    ...(realTime === undefined ? [] : row("limits", `waited for in real time: ${realTime}`)),
    ...(control
      ? row(
          "control",
          `p50 ${duration(control.p50Ms)} · p99 ${duration(control.p99Ms)} · worst ${duration(control.maxMs)} through a straight pipe`,
        )
      : []),
    ...twiceSentence(report).flatMap((text) => row("twice", text)),
  ];
};

const limits = (report: CheckReport, { width }: Look): string[] =>
  limitsTold(report).flatMap(({ sentence, routes }) => wrap(said(`${several(routes)}: ${sentence}`), width));

const open = (report: CheckReport, { width }: Look, paint: Paint): string[] => [
  ...unjudged(report).flatMap(({ route, check, outcome, why }) =>
    wrap(said(`? ${route.id} ${check}: ${outcome}: ${why}`), width).map((line) => paint.yellow(line)),
  ),
  ...unexplained(report).flatMap(({ route, check, why }) =>
    wrap(said(`✗ ${route.id} ${check}: ${why}`), width).map((line) => paint.red(line)),
  ),
];

const summary = (report: CheckReport, look: Look, paint: Paint): string[] => [
  ...next(report).flatMap((text) => rowsIn(look, paint)("next", text)),
  ...(report.interrupted ? [paint.yellow("interrupted: what was not done is missing here")] : []),
  paint.bold(countsOf(report)),
];

export const next = (report: CheckReport): string[] => {
  const errors = groupsOf(report).filter(({ first }) => first.level === "error");
  const diffs = new Set(errors.flatMap(({ first }) => first.cure?.diff ?? []));
  const headers = errors.some(({ first }) => first.cure?.headers);
  const missing = unjudged(report).some(({ outcome }) => outcome !== "inconclusive");
  return [
    ...(diffs.size > 0 && !report.writes
      ? [`the same command with --write applies ${diffs.size === 1 ? "the cure" : `the ${diffs.size} cures`}`]
      : []),
    ...(headers ? ["the application has to send what is said above"] : []),
    ...(missing ? ["hopwise doctor tells what is missing here"] : []),
  ];
};
