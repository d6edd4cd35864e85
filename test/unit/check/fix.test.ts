// What a fix is said to cost, as it was measured.
import { describe, expect, it } from "vitest";
import type { ObservedCheck } from "../../../harness/check/observed.ts";
import { brokenIn, changedSources } from "../../../harness/check/fix.ts";
import type { Trials } from "../../../harness/check/tried.ts";
import type { Source } from "../../../harness/model/verdict.ts";

const origin: Source = { member: "origin" };
const cached: Source = { member: "cached", nonce: "n", ageMs: 40 };
const ofAnotherTrial: Source = { member: "cached", nonce: "n", ageMs: null };
const collapsed: Source = { member: "collapsed", nonce: "n" };

const observed = (id: string, finding: Source) => ({
  check: { id },
  result: {
    report: { outcome: finding.member === "origin" ? "pass" : "fail", facets: [{ facet: "source", case: "a", observation: finding }] },
  },
});

const costs = (before: Source, after: Source, isWanted: boolean): string[] =>
  changedSources(
    [observed("sizes", before)] as unknown as ObservedCheck[],
    [observed("other", origin), observed("sizes", after)] as unknown as Trials,
    isWanted,
  );

describe("whose body it is", () => {
  it.each<[before: Source, after: Source, isWanted: boolean, reported: string | null]>([
    [cached, origin, false, "was cached and is origin"],
    [origin, collapsed, false, "was origin and is collapsed"],
    [origin, cached, true, "was origin and is cached"],
    [origin, origin, false, null],
    // What the fix is for.
    [cached, origin, true, null],
    [collapsed, origin, true, null],
    // Chance: trials of one route share the store.
    [origin, ofAnotherTrial, false, null],
    [ofAnotherTrial, origin, false, null],
  ])("%o, then %o (wanted: %s): %s", (before, after, isWanted, reported) => {
    expect(costs(before, after, isWanted)).toEqual(reported === null ? [] : [`sizes: the body's source ${reported}`]);
  });
});

it.each<[after: Source, isShared: boolean, breaks: boolean]>([
  [cached, true, true],
  [ofAnotherTrial, false, true],
  [ofAnotherTrial, true, false],
])("what passed and is %o (shared before: %s) is broken by the fix: %s", (after, isShared, breaks) => {
  const before = [observed("sizes", origin)] as unknown as ObservedCheck[];
  expect(brokenIn(before, [observed("sizes", after)] as unknown as Trials, isShared).length > 0).toBe(breaks);
});
