// The report of `hopwise check` for people: what was checked, routes × facets, a card per finding, and the counts as the last line.
import { aloneSentence } from "./check-alone.ts";
import { findingCard } from "./check-card.ts";
import { groupsOf, several } from "./check-group.ts";
import { factSentences } from "./check-facts.ts";
import { notCheckedSentences } from "./check-not-run.ts";
import { proxiesSentence, ranIn } from "./check-proxies.ts";
import type { CheckReport } from "./check-report.ts";
import { legend as tableLegend, table } from "./check-table.ts";
import { noCommands, said } from "./check-text.ts";
import { countsOf, keptSentences, placeOf, attemptsSentence, unexplained, unjudged } from "./check-words.ts";
import type { Look, Paint } from "./look.ts";
import { heartbeatSentence } from "./heartbeat.ts";
import { paintOf } from "./look.ts";
import { legend } from "./picture.ts";
import { duration, wrap } from "./text.ts";

export const checkPretty = (report: CheckReport, look: Look): string => {
  const paint = paintOf(look);
  // The most urgent comes last, nearest the prompt.
  const shown = new Set<string>();
  const cards = groupsOf(report)
    .toReversed()
    .map((group) => {
      const card = findingCard(report, group, look, shown);
      for (const { fix } of group.fixes) if (fix.diff) shown.add(fix.diff);
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
    wrap(said(text), width - 13).map((line, index) => `${paint.dim((index === 0 ? name : "").padEnd(13))}${line}`);

const about = (report: CheckReport, look: Look, paint: Paint): string[] => {
  const { given, files, purpose, stubs, notChecked, control, realTime } = report;
  const row = rowsIn(look, paint);
  return [
    ...wrap(said([`${given}, for ${purpose}`, ...proxiesSentence(report)].join("; ")), look.width).map(paint.bold),
    ...(files.length > 1 || files[0] !== given ? row("read", files.join(", ")) : []),
    ...ranIn(report).flatMap((text) => row("ran", text)),
    ...keptSentences(report).flatMap((text) => row("application", text)),
    ...stubs.flatMap(({ what, why }) => row("stub", `${what} (${why})`)),
    ...notChecked.flatMap(({ what, why, at }) => row("not checked", `${placeOf(at)}: ${what} (${why})`)),
    ...(realTime === undefined ? [] : row("limits", `waited for in real time: ${realTime}`)),
    ...(control
      ? row(
          "control",
          `p50 ${duration(control.p50Ms)} · p99 ${duration(control.p99Ms)} · worst ${duration(control.maxMs)} through a straight pipe`,
        )
      : []),
    ...attemptsSentence(report).flatMap((text) => row("attempts", text)),
    ...aloneSentence(report).flatMap((text) => row("alone", text)),
  ];
};

const limits = (report: CheckReport, { width }: Look): string[] =>
  factSentences(report).flatMap(({ sentence, routes }) => wrap(said(`${several(routes)}: ${sentence}`), width));

const open = (report: CheckReport, { width }: Look, paint: Paint): string[] => [
  ...unjudged(report).flatMap(({ route, check, outcome, why }) =>
    wrap(said(`? ${route.id} ${check}: ${outcome}: ${why}`), width).map((line) => paint.yellow(line)),
  ),
  ...unexplained(report).flatMap(({ route, check, why }) =>
    wrap(said(`✗ ${route.id} ${check}: ${why}`), width).map((line) => paint.red(line)),
  ),
  ...notCheckedSentences(report).flatMap(({ text }) => wrap(said(`? ${text}`), width).map((line) => paint.yellow(line))),
];

const summary = (report: CheckReport, look: Look, paint: Paint): string[] => [
  ...answerLines(report, look, paint),
  ...heartbeatSentence(report).flatMap((text) => rowsIn(look, paint)("heartbeat", text)),
  ...next(report).flatMap((text) => rowsIn(look, paint)("next", text)),
  ...(report.interrupted ? [paint.yellow("interrupted: the remaining checks are missing")] : []),
  paint.bold(countsOf(report)),
];

const answerLines = ({ answer }: CheckReport, { width }: Look, paint: Paint): string[] =>
  answer === undefined ? [] : wrap(said(answer), width).map(paint.bold);

export const next = (report: CheckReport): string[] => {
  const errors = groupsOf(report).filter(({ first }) => first.level === "error");
  const all = errors.flatMap(({ fixes }) => fixes.map(({ fix }) => fix));
  const diffs = new Set(all.flatMap(({ diff }) => diff ?? []));
  const headers = all.some((fix) => fix.headers);
  const missing = unjudged(report).some(({ outcome }) => outcome !== "inconclusive");
  return [
    ...(diffs.size > 0 && !report.writes
      ? [`the same command with --write applies ${diffs.size === 1 ? "the fix" : `the ${diffs.size} fixes`}`]
      : []),
    ...(headers ? ["the application must send the header fields shown above"] : []),
    ...(missing ? ["run npx hopwise doctor to see what is missing"] : []),
  ];
};
