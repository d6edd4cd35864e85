// The report of `hopwise probe` for people: each response with what was seen of it, then the conclusions. Pure.
import type { Level } from "../probe/judge/findings.ts";
import { nameOf } from "../probe/variation-name.ts";
import type { Look, Paint } from "./look.ts";
import { paintOf } from "./look.ts";
import { lane, laneLegend } from "./probe-lane.ts";
import type { ProbeReport, ProbeResponse } from "./probe-report.ts";
import { countsOf, interruptedWords, nextSteps, onlyTheLab, probeMarks, sameAs, sorted } from "./probe-summary.ts";
import { plain, wrap } from "./text.ts";

export const probePretty = (report: ProbeReport, look: Look): string => {
  const paint = paintOf(look);
  const { origin, responses } = report;
  const blocks = [
    wrap(
      `${plain(report.url)}, ${report.method}${report.finalUrl === null ? "" : `, which leads to ${plain(report.finalUrl)}`}`,
      look.width,
    ).map(paint.bold),
    ...responses.map((response, index) => responseLines(response, responses.slice(0, index), look, paint)),
    ...(origin === null ? [] : [wrap(`the origin, ${plain(origin.url)}`, look.width).map(paint.bold)]),
    ...(origin?.responses ?? []).map((response, index, all) => responseLines(response, all.slice(0, index), look, paint)),
    wrap(laneLegend, look.width).map(paint.dim),
    summary(report, look, paint),
  ];
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
};

const colorOf = (level: Level, paint: Paint): ((text: string) => string) =>
  ({ error: paint.red, warning: paint.yellow, note: paint.dim, ok: paint.green, open: paint.yellow })[level];

/** `before`: the responses that are shown already. */
const responseLines = (response: ProbeResponse, before: readonly ProbeResponse[], look: Look, paint: Paint): string[] => {
  const { http, status, contentType, version } = response;
  const type = contentType === null ? "" : ` ${contentType}`;
  const answered = status === null ? "no response" : `${status}${type}${version === http ? "" : `, by HTTP/${version}`}`;
  const drawn = lane(response, look.width - 4);
  const same = sameAs(response, before);
  return [
    ...wrap(plain(`${nameOf(response)} → ${answered}`), look.width).map(paint.bold),
    ...(drawn === null ? [] : [`  ${paint.cyan(drawn)}`]),
    ...(same ? [paint.green(`  ✓ the same as ${nameOf(same)}`)] : findingLines(response, look, paint)),
  ];
};

const findingLines = ({ findings }: ProbeResponse, look: Look, paint: Paint): string[] =>
  sorted(findings).flatMap(({ level, says }) =>
    wrap(plain(says), look.width - 4).map(
      (line, index) => `  ${colorOf(level, paint)(`${index === 0 ? probeMarks[level] : " "} ${line}`)}`,
    ),
  );

const summary = (report: ProbeReport, look: Look, paint: Paint): string[] => {
  const row = (name: string, text: string): string[] =>
    wrap(plain(text), look.width - 14).map((line, index) => `${paint.dim((index === 0 ? name : "").padEnd(14))}${line}`);
  return [
    ...report.notChecked.flatMap(({ what, why }) => row("not checked", `${what}: ${why}`)),
    ...row("only the lab", onlyTheLab(report)),
    ...report.conclusions.flatMap(({ says }) => row("concluded", says)),
    ...nextSteps(report).flatMap((text) => row("next", text)),
    ...(report.interrupted ? [paint.yellow(interruptedWords)] : []),
    ...wrap(countsOf(report), look.width).map(paint.bold),
  ];
};
