// The card of one finding: the line, what it does, a picture of it, and the cure with its price.
import type { CheckReport, Cure, Finding } from "./check-report.ts";
import { paintDiff } from "./check-diff.ts";
import type { Group } from "./check-group.ts";
import { seenIn, several } from "./check-group.ts";
import { said, sourceLine } from "./check-text.ts";
import { pageOfRule, placeOf, wordsOfRule } from "./check-words.ts";
import type { Look, Paint } from "./look.ts";
import { paintOf } from "./look.ts";
import { picture } from "./picture.ts";
import { fit, wrap } from "./text.ts";

const indent = "  ";

export interface FindingCard {
  text: string;
  pictured: boolean;
}

/** `told`: diffs that stand in a card above. */
export const findingCard = (report: CheckReport, group: Group, look: Look, told: ReadonlySet<string> = new Set()): FindingCard => {
  const { first } = group;
  const paint = paintOf(look);
  const width = look.width - indent.length;
  const seen = first.level === "error" ? seenIn(report, first) : null;
  const drawn = seen ? picture(seen.scenario, seen.facet, { ...look, width }, paint) : [];
  const body = [
    ...wrap(said([first.rule, several(group.routes), several(group.checks), ...group.conditions].join(" · ")), width).map(paint.dim),
    ...quoted(first, width, paint),
    ...drawn,
    ...(drawn.length > 0 ? [""] : []),
    // A cure repeats it, beside what became of it.
    ...(first.cure?.before === first.evidence ? [] : wrap(said(first.evidence), width)),
    ...unproven(first).flatMap((text) => wrap(said(text), width).map(paint.yellow)),
    ...(first.cure ? cured(first.cure, width, paint, told) : first.level === "error" ? [paint.yellow("no cure could be proven")] : []),
    ...advice(first, width).map(paint.dim),
  ];
  return {
    text: [...headline(first, look.width, paint), ...body.map((line) => (line === "" ? "" : indent + line))].join("\n"),
    pictured: drawn.length > 0,
  };
};

/** The place stands at the start, whole, so that editors and terminals make a link of it. */
const headline = ({ level, at, says }: Finding, width: number, paint: Paint): string[] => {
  const mark = level === "error" ? "✗" : "•";
  const colour = level === "error" ? paint.red : paint.cyan;
  const [first = "", ...rest] = wrap(`${mark} ${said(placeOf(at))}: ${said(says)}`, width - indent.length);
  return [colour(paint.bold(mark)) + paint.bold(first.slice(mark.length)), ...rest.map((line) => paint.bold(indent + line))];
};

const quoted = ({ at, quote, guilty }: Finding, width: number, paint: Paint): string[] => [
  ...(quote === undefined ? [] : ["", paint.dim(`${at.line} │ `) + fit(sourceLine(quote).trim(), width - `${at.line} │ `.length)]),
  ...(guilty?.with ? wrap(said(`together with ${placeOf(guilty.with.at)}: ${guilty.with.directive}`), width) : []),
  "",
];

export const unproven = ({ guilty, unproven: why }: Pick<Finding, "guilty" | "unproven">): string[] =>
  guilty === null && why !== null ? [`no line could be proven guilty: ${why}`] : [];

const cured = (cure: Cure, width: number, paint: Paint, told: ReadonlySet<string>): string[] => {
  const where = cure.headers === null ? "cure" : "cure, in the application";
  const row = (name: string, text: string): string[] =>
    wrap(said(text), width - 8).map((line, index) => `${paint.dim((index === 0 ? name : "").padEnd(8))}${line}`);
  const known = cure.diff !== null && told.has(cure.diff);
  return [
    ...wrap(`${where}: ${said(cure.title)}${known ? " (the change is shown above)" : ""}`, width).map((line) =>
      paint.green(paint.bold(line)),
    ),
    // A diff that was broken or shortened could not be applied.
    ...(cure.diff === null || known ? [] : ["", ...paintDiff(cure.diff, paint).map((line) => indent + line), ""]),
    ...(cure.headers === null ? [] : ["", ...cure.headers.map(([name, value]) => indent + said(`${name}: ${value}`)), ""]),
    ...row("before", cure.before),
    ...row("after", cure.after),
    ...cure.costs.flatMap((cost) => row("cost", cost)),
  ];
};

const advice = ({ rule, level, guilty, cure }: Finding, width: number): string[] => {
  const links = [...new Set([guilty?.link, cure?.link].flatMap((link) => (link ? [link] : [])))];
  return [
    ...(level === "error" ? wrap(`${rule}: ${wordsOfRule(rule).meaning} (${pageOfRule(rule)})`, width) : []),
    // A link that is broken over two lines cannot be followed.
    ...links.map((link) => `see: ${said(link)}`),
  ];
};
