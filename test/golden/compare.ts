// What differs between two verdicts on one trace, and which of it is explained. Pure.
import type { Verdict } from "../../harness/model/verdict.ts";
import { pointsOf, untested } from "./points.ts";
import type { Point } from "./points.ts";

/** verdict: another member, or another refinement of it. culprit: another hop. detail, numbers: of the same finding. hops: what single hops
 *  did. words: only the sentences. */
export type What = "verdict" | "culprit" | "detail" | "numbers" | "hops" | "words";

export interface Difference {
  /** The source and the trace's own name, e.g. `mutants/cork-200-alone`. */
  name: string;
  facet: string;
  case: string;
  what: What;
  /** The verdict on this facet in this case, saved and now. The same unless `what` is "verdict". */
  from: string;
  to: string;
  /** What differs, or for another verdict its sentences. */
  was: string;
  is: string;
}

/** A rule that explains differences; each of its fields that is given must match. A text matches a verdict that is it or begins with its
 *  words: `batched` matches `batched by=bytes`. */
export interface Change {
  /** Default: "verdict". */
  what?: What;
  facet?: string;
  from?: string | RegExp;
  to?: string | RegExp;
  case?: string | RegExp;
  /** Of the name. */
  where?: RegExp;
  /** Why the new verdict is the right one: a sentence. */
  reason: string;
}

export interface Explained {
  /** In the order of the changes. */
  counts: { change: Change; count: number }[];
  unexplained: Difference[];
  /** What is wrong with the changes themselves. */
  faults: string[];
}

/** Times are saved to a hundredth of a millisecond, and the order of a sum must not count. */
const leastDifference = 0.02;

/** All differences of two verdicts; where a verdict is another one, nothing below it is compared. */
export const differences = (name: string, before: Verdict, after: Verdict): Difference[] => {
  const [old, now] = [pointsOf(before), pointsOf(JSON.parse(JSON.stringify(after)) as Verdict)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key): Difference[] => {
    const [was, is] = [old.get(key), now.get(key)];
    const { facet, case: of } = (was ?? is) as Point;
    const difference = { name, facet, case: of, from: was?.verdict ?? untested, to: is?.verdict ?? untested };
    if (!was || !is || was.verdict !== is.verdict)
      return [{ ...difference, what: "verdict", was: was ? sentenceOf(was) : "", is: is ? sentenceOf(is) : "" }];
    const found = (what: What, told: (point: Point) => string): Difference[] =>
      told(was) === told(is) ? [] : [{ ...difference, what, was: told(was), is: told(is) }];
    const numbers = areClose(was, is) ? [] : found("numbers", inWords);
    return [
      ...found("culprit", ({ culprit }) => culprit),
      ...found("detail", ({ detail }) => detail),
      ...numbers,
      ...found("hops", ({ hops }) => hops),
      // Numbers stand in sentences, too.
      ...(numbers.length > 0 ? [] : found("words", ({ words }) => words)),
    ];
  });
};

const sentenceOf = ({ culprit, words }: Point): string => (culprit === "none" ? words : `${culprit}: ${words}`);

const areClose = ({ numbers: one }: Point, { numbers: other }: Point): boolean =>
  one.length === other.length &&
  one.every(([name, value], index) => {
    const [otherName, otherValue] = other[index] ?? ["", 0];
    return name === otherName && Math.abs(value - otherValue) <= leastDifference + 1e-6 * Math.abs(value);
  });

const inWords = ({ numbers }: Point): string => numbers.map(([name, value]) => `${name} ${Math.round(1000 * value) / 1000}`).join(", ");

/** The first change that matches explains a difference. */
export const explain = (found: readonly Difference[], changes: readonly Change[]): Explained => {
  const counts = changes.map((change) => ({ change, count: 0 }));
  const unexplained = found.filter((difference) => {
    const by = counts.find(({ change }) => matches(change, difference));
    if (by) by.count++;
    return !by;
  });
  const faults = counts.flatMap(({ change, count }) => [
    ...(isSentence(change.reason) ? [] : [`The change ${inShort(change)} has no reason: say in a sentence why the new verdict is right`]),
    ...(count > 0 ? [] : [`The change ${inShort(change)} explains nothing: take it out`]),
  ]);
  return { counts, unexplained, faults };
};

const matches = (change: Change, difference: Difference): boolean =>
  (change.what ?? "verdict") === difference.what &&
  (change.facet === undefined || change.facet === difference.facet) &&
  fits(change.from, difference.from) &&
  fits(change.to, difference.to) &&
  fits(change.case, difference.case) &&
  fits(change.where, difference.name);

const fits = (pattern: string | RegExp | undefined, text: string): boolean => {
  if (pattern === undefined) return true;
  return typeof pattern === "string" ? text === pattern || text.startsWith(`${pattern} `) : pattern.test(text);
};

const isSentence = (reason: string): boolean => reason.trim().split(/\s+/).length >= 4;

/** For messages. */
export const inShort = ({ what = "verdict", facet = "any facet", from = "anything", to = "anything", case: of, where }: Change): string =>
  `(${facet}, ${what}: ${String(from)} → ${String(to)}${of === undefined ? "" : `, case ${String(of)}`}${where ? `, where ${String(where)}` : ""})`;

/** Differences of one kind: the same facet, and the same step from one verdict to the other. */
export const kindOf = ({ facet, what, from, to }: Difference): string =>
  what === "verdict" ? `${facet}: ${from} → ${to}` : `${facet}: ${from}, other ${what}`;
