// The card of one scenario: outcome, culprit, chain, evidence, and a picture if something went wrong.
import { headlineOf } from "../model/outcome.ts";
import type { Facet } from "../model/verdict.ts";
import { decisiveFacet } from "./decisive.ts";
import type { Look, Paint } from "./look.ts";
import { paintOf } from "./look.ts";
import { picture } from "./picture.ts";
import { applicationWords } from "./application-words.ts";
import type { ScenarioReport } from "./report.ts";
import { sampledWords } from "./sampled.ts";
import { duration, plain, widthOf, wrap } from "./text.ts";
import { meaningOf, outcomeWords, pageOf } from "./words.ts";

const indent = "  ";

export interface Card {
  text: string;
  pictured: boolean;
}

export const card = (report: ScenarioReport, look: Look): Card => {
  const paint = paintOf(look);
  const room = { ...look, width: look.width - indent.length };
  const facet = decisiveFacet(report);
  const drawn = facet && deserves(report) ? picture(report, facet, room, paint) : [];
  const body = [
    ...wrap(plain(report.title), room.width).map(paint.bold),
    ...chain(report, room.width, paint),
    ...wrap(plain(report.why), room.width),
    ...(drawn.length > 0 ? ["", ...drawn, ""] : []),
    ...others(report, facet).flatMap((text) => wrap(text, room.width).map(paint.dim)),
    ...advice(report, room.width).map(paint.dim),
  ];
  return {
    text: [...headline(report, look.width, paint), ...body.map((line) => (line === "" ? "" : indent + line))].join("\n"),
    pictured: drawn.length > 0,
  };
};

/** One line for a scenario, for the log of a run in progress. */
export const oneLine = (report: ScenarioReport, look: Pick<Look, "color">): string => {
  const { mark, word, color } = outcomeWords[report.outcome];
  const rest = [verdictOf(report), plain(report.id), duration(report.tookMs)].filter((part) => part !== "");
  return [paintOf(look)[color](`${mark} ${word}`), ...rest].join("  ");
};

/** `delivery buffered · culprit: nginx`. Empty if nothing could be judged. */
const verdictOf = (report: ScenarioReport): string => {
  const { headline: word, culprit, kind, outcome, baseline } = report;
  if (word === "not-judged") return "";
  const facet = decisiveFacet(report);
  return `${facet ? `${facet.facet} ` : ""}${word}${kind === "characterization" && outcome === "pass" ? " (as expected)" : ""}${culprit === null ? "" : ` · culprit: ${plain(culprit)}`}${baseline === null ? "" : ` · ${baseline.change}`}`;
};

const headline = (report: ScenarioReport, width: number, paint: Paint): string[] => {
  const { mark, word, color } = outcomeWords[report.outcome];
  const start = `${mark} ${word}`;
  const [first = "", ...rest] = wrap(`${start}  ${verdictOf(report)}`.trimEnd(), width);
  const lines = [paint[color](paint.bold(start)) + paint.bold(first.slice(start.length)), ...rest.map((line) => paint.bold(indent + line))];
  const id = plain(report.id);
  const gap = width - widthOf(first) - widthOf(id);
  return rest.length === 0 && gap >= 2 ? [`${lines[0]}${" ".repeat(gap)}${paint.dim(id)}`] : [...lines, paint.dim(`${indent}id: ${id}`)];
};

/** The chain from origin to client, and the request. */
const chain = ({ chain: words, trial, request, timeScale }: ScenarioReport, width: number, paint: Paint): string[] => {
  const drawn = plain(words.join(" → "));
  const stimulusParts = [
    trial,
    ...(request.method === "GET" ? [] : [request.method]),
    ...(request.version === "1.1" ? [] : [`HTTP/${request.version}`]),
    ...(request.clients === undefined ? [] : [`clients: ${request.clients}`]),
    ...(request.acceptEncoding === null ? [] : [`Accept-Encoding: ${request.acceptEncoding}`]),
    ...(timeScale === undefined ? [] : [`clock ${timeScale}× faster`]),
  ];
  const stimulus = plain(stimulusParts.join(", "));
  if (widthOf(drawn) + 3 + widthOf(stimulus) <= width) return [`${paint.cyan(drawn)}   ${paint.dim(stimulus)}`];
  return [...wrap(drawn, width).map(paint.cyan), ...wrap(stimulus, width).map(paint.dim)];
};

/** Failures and known faults get a picture; an ordinary pass does not. */
const deserves = ({ outcome, kind }: ScenarioReport): boolean => outcome === "fail" || (outcome === "pass" && kind === "characterization");

/** The other tested facets, with every verdict of their cases. */
const others = (report: ScenarioReport, decisive: Facet | null): string[] => {
  const words = new Map<string, Set<string>>();
  for (const facet of report.facets) {
    if (facet.facet === decisive?.facet) continue;
    const known = words.get(facet.facet) ?? new Set();
    known.add(facet.culprit === null ? headlineOf(facet) : `${headlineOf(facet)} (${plain(facet.culprit)})`);
    words.set(facet.facet, known);
  }
  const also = [...words].map(([facet, members]) => `${facet} ${[...members].join(" or ")}`);
  const limits = report.limits.map(({ kind, ms, culprit }) => `${kind} of ${duration(ms)} in ${plain(culprit)}`);
  const conditions = report.conditions.map(
    ({ facet, axis, values }) =>
      `conditional: ${facet} on ${axis}: ${values.map(({ value, member, culprit }) => `${plain(value)} → ${member}${culprit === null ? "" : ` (${plain(culprit)})`}`).join(" · ")}`,
  );
  return [
    ...conditions,
    ...(also.length > 0 ? [`also: ${also.join(" · ")}`] : []),
    ...(limits.length > 0 ? [`limits: ${limits.join(" · ")}`] : []),
    ...applicationWords(report),
    ...sampledWords(report),
  ];
};

const advice = (report: ScenarioReport, width: number): string[] => [
  ...(report.outcome === "fail" ? wrap(`${report.headline}: ${meaningOf(report.headline)} (${pageOf(report.headline)})`, width) : []),
  // A wrapped link cannot be followed.
  ...(report.because === null ? [] : [`known from: ${plain(report.because)}`]),
  ...(report.fixedBy === null ? [] : [`fixed by: ${plain(report.fixedBy)}`]),
  ...(report.baseline === null ? [] : wrap(`in the baseline: ${plain(report.baseline.was)}`, width)),
  // A wrapped command cannot be pasted.
  ...(report.reproduce !== null && (deserves(report) || report.outcome === "inconclusive") ? [`again: ${plain(report.reproduce)}`] : []),
];
