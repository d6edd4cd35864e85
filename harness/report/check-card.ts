// The card of one finding: the line, what it does, a picture, and the fix with its cost.
import type { CheckReport, Finding, Level } from "./check-report.ts";
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

/** `shown`: diffs in a card above. */
export const findingCard = (report: CheckReport, group: Group, look: Look, shown: ReadonlySet<string> = new Set()): FindingCard => {
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
    // A fix repeats the evidence as "before".
    ...(first.fix?.before === first.evidence ? [] : wrap(said(first.evidence), width)),
    ...unproven(first).flatMap((text) => wrap(said(text), width).map(paint.yellow)),
    ...group.fixes.flatMap((one) => fixed(one, group.fixes.length > 1, width, paint, shown)),
    ...(first.fix === null && first.level === "error" ? [paint.yellow("no fix was proven")] : []),
    ...advice(first, width).map(paint.dim),
  ];
  return {
    text: [...headline(first, look.width, paint), ...body.map((line) => (line === "" ? "" : indent + line))].join("\n"),
    pictured: drawn.length > 0,
  };
};

export const markOf: Record<Level, string> = { error: "✗", warning: "!", note: "•" };

/** The place comes first and unbroken, so that editors and terminals turn it into a link. */
const headline = ({ level, at, says }: Finding, width: number, paint: Paint): string[] => {
  const mark = markOf[level];
  const color = { error: paint.red, warning: paint.yellow, note: paint.cyan }[level];
  const [first = "", ...rest] = wrap(`${mark} ${said(placeOf(at))}: ${said(says)}`, width - indent.length);
  return [color(paint.bold(mark)) + paint.bold(first.slice(mark.length)), ...rest.map((line) => paint.bold(indent + line))];
};

const quoted = ({ at, quote, culprit }: Finding, width: number, paint: Paint): string[] => [
  ...(quote === undefined ? [] : ["", paint.dim(`${at.line} │ `) + fit(sourceLine(quote).trim(), width - `${at.line} │ `.length)]),
  ...(culprit?.with ? wrap(said(`together with ${placeOf(culprit.with.at)}: ${culprit.with.directive}`), width) : []),
  "",
];

export const unproven = ({ culprit, unproven: why }: Pick<Finding, "culprit" | "unproven">): string[] =>
  culprit === null && why !== null ? [`could not isolate a directive: ${why}`] : [];

const fixed = (
  { fix, routes }: Group["fixes"][number],
  isOneOf: boolean,
  width: number,
  paint: Paint,
  shown: ReadonlySet<string>,
): string[] => {
  const what = fix.headers === null ? "fix" : "fix, in the application";
  const where = isOneOf ? `${what}, for ${several(routes)}` : what;
  const row = (name: string, text: string): string[] =>
    wrap(said(text), width - 8).map((line, index) => `${paint.dim((index === 0 ? name : "").padEnd(8))}${line}`);
  const known = fix.diff !== null && shown.has(fix.diff);
  return [
    ...wrap(`${where}: ${said(fix.title)}${known ? " (the change is shown above)" : ""}`, width).map((line) =>
      paint.green(paint.bold(line)),
    ),
    // A wrapped or shortened diff could not be applied.
    ...(fix.diff === null || known ? [] : ["", ...paintDiff(fix.diff, paint).map((line) => indent + line), ""]),
    ...(fix.headers === null ? [] : ["", ...fix.headers.map(([name, value]) => indent + said(`${name}: ${value}`)), ""]),
    ...row("before", fix.before),
    ...row("after", fix.after),
    ...fix.costs.flatMap((cost) => row("cost", cost)),
    ...(fix.alsoChanges ? row("changes", `${several(fix.alsoChanges)}, too`) : []),
  ];
};

const advice = ({ rule, level, culprit, fix }: Finding, width: number): string[] => {
  const links = [...new Set([culprit?.link, fix?.link].flatMap((link) => (link ? [link] : [])))];
  return [
    ...(level === "note" ? [] : wrap(`${rule}: ${wordsOfRule(rule).meaning} (${pageOfRule(rule)})`, width)),
    // A wrapped link cannot be followed.
    ...links.map((link) => `see: ${said(link)}`),
  ];
};
