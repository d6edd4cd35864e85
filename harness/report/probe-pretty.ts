// The report of `hopwise probe` for people: each response with what was seen of it, then the conclusions. Pure.
import type { Level } from "../probe/judge/findings.ts";
import { nameOf } from "../probe/variation-name.ts";
import type { Look, Paint } from "./look.ts";
import { paintOf } from "./look.ts";
import { lane, laneLegend } from "./probe-lane.ts";
import type { ProbeReport, ProbeResponse } from "./probe-report.ts";
import { duration, plain, wrap } from "./text.ts";

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

const marks: Record<Level, string> = { error: "✗", warning: "!", note: "·", ok: "✓", open: "?" };

const colorOf = (level: Level, paint: Paint): ((text: string) => string) =>
  ({ error: paint.red, warning: paint.yellow, note: paint.dim, ok: paint.green, open: paint.yellow })[level];

/** The most urgent goes first. */
const order: readonly Level[] = ["error", "warning", "open", "ok", "note"];

/** `before`: the responses that are shown already. */
const responseLines = (response: ProbeResponse, before: readonly ProbeResponse[], look: Look, paint: Paint): string[] => {
  const { http, status, contentType, version } = response;
  const type = contentType === null ? "" : ` ${contentType}`;
  const answered = status === null ? "no response" : `${status}${type}${version === http ? "" : `, by HTTP/${version}`}`;
  const drawn = lane(response, look.width - 4);
  const same = before.find((other) => isAlike(other, response));
  return [
    ...wrap(plain(`${nameOf(response)} → ${answered}`), look.width).map(paint.bold),
    ...(drawn === null ? [] : [`  ${paint.cyan(drawn)}`]),
    ...(same ? [paint.green(`  ✓ the same as ${nameOf(same)}`)] : findingLines(response, look, paint)),
  ];
};

/** Nothing is wrong in either, and nothing else was found. */
const isAlike = (one: ProbeResponse, other: ProbeResponse): boolean => {
  const kinds = ({ findings }: ProbeResponse): string =>
    findings.flatMap(({ facet, kind }) => (facet === "disconnect" ? [] : [`${facet} ${kind}`])).join();
  const isFine = ({ findings }: ProbeResponse): boolean => findings.every(({ level }) => level === "ok" || level === "note");
  return isFine(one) && isFine(other) && kinds(one) === kinds(other);
};

const findingLines = ({ findings }: ProbeResponse, look: Look, paint: Paint): string[] =>
  findings
    .toSorted((a, b) => order.indexOf(a.level) - order.indexOf(b.level))
    .flatMap(({ level, says }) =>
      wrap(plain(says), look.width - 4).map((line, index) => `  ${colorOf(level, paint)(`${index === 0 ? marks[level] : " "} ${line}`)}`),
    );

const onlyTheLab = ({ responses }: ProbeReport): string => {
  const hasLeft = responses.some(({ findings }) => findings.some(({ facet }) => facet === "disconnect"));
  return `which hop and which line does it, ${hasLeft ? "" : "what happens when a client leaves, "}and timeouts longer than --for: npx hopwise check, with your configuration`;
};

const summary = (report: ProbeReport, look: Look, paint: Paint): string[] => {
  const row = (name: string, text: string): string[] =>
    wrap(plain(text), look.width - 14).map((line, index) => `${paint.dim((index === 0 ? name : "").padEnd(14))}${line}`);
  return [
    ...report.notChecked.flatMap(({ what, why }) => row("not checked", `${what}: ${why}`)),
    ...row("only the lab", onlyTheLab(report)),
    ...report.conclusions.flatMap(({ says }) => row("concluded", says)),
    ...next(report).flatMap((text) => row("next", text)),
    ...(report.interrupted ? [paint.yellow("interrupted: this is what was seen until then")] : []),
    ...wrap(answer(report), look.width).map(paint.bold),
  ];
};

const next = ({ origin, responses, outcome }: ProbeReport): string[] => {
  const isOpenQuestion = responses.some(({ findings }) =>
    findings.some(({ kind, level }) => kind === "arrival" && (level === "error" || level === "warning")),
  );
  if (outcome === "fine" || !isOpenQuestion || origin !== null) return [];
  return ["--origin <url> compares with the application without its proxies; npx hopwise origin, deployed behind the URL, proves it"];
};

/** One line, and the last one. */
const answer = ({ responses, outcome, tookMs }: ProbeReport): string => {
  const withLevel = (wanted: Level): number => responses.filter(({ findings }) => findings.some(({ level }) => level === wanted)).length;
  const of = `${responses.length} ${responses.length === 1 ? "response" : "responses"}`;
  const warned = withLevel("warning");
  const words = {
    bad: `${withLevel("error")} of ${of} held, cut or changed`,
    fine: warned > 0 ? `warnings in ${warned} of ${of}` : `nothing wrong seen in ${of}`,
    open: `could not judge ${of}`,
  };
  return `${words[outcome]} (${duration(tookMs)})`;
};
