// What a cure is said to cost, as it was measured.
import { describe, expect, it } from "vitest";
import type { PlayedCheck } from "../../../harness/check/check.ts";
import { brokenIn, changedSources } from "../../../harness/check/cure.ts";
import type { Tried } from "../../../harness/check/search.ts";
import type { Source } from "../../../harness/model/verdict.ts";

const origin: Source = { member: "origin" };
const cached: Source = { member: "cached", nonce: "n", ageMs: 40 };
const ofAnotherTrial: Source = { member: "cached", nonce: "n", ageMs: null };
const collapsed: Source = { member: "collapsed", nonce: "n" };

const played = (id: string, finding: Source) => ({
  check: { id },
  result: { report: { outcome: finding.member === "origin" ? "pass" : "fail", facets: [{ facet: "source", arm: "a", finding }] } },
});

const costs = (before: Source, after: Source, isWanted: boolean): string[] =>
  changedSources(
    [played("sizes", before)] as unknown as PlayedCheck[],
    [played("other", origin), played("sizes", after)] as unknown as Tried,
    isWanted,
  );

describe("whose body it is", () => {
  it.each<[before: Source, after: Source, isWanted: boolean, told: string | null]>([
    [cached, origin, false, "was cached and is origin"],
    [origin, collapsed, false, "was origin and is collapsed"],
    [origin, cached, true, "was origin and is cached"],
    [origin, origin, false, null],
    // What the cure is for.
    [cached, origin, true, null],
    [collapsed, origin, true, null],
    // Chance: trials of one route share the store.
    [origin, ofAnotherTrial, false, null],
    [ofAnotherTrial, origin, false, null],
  ])("%o, then %o (wanted: %s): %s", (before, after, isWanted, told) => {
    expect(costs(before, after, isWanted)).toEqual(told === null ? [] : [`sizes: the body's source ${told}`]);
  });
});

it.each<[after: Source, isShared: boolean, breaks: boolean]>([
  [cached, true, true],
  [ofAnotherTrial, false, true],
  [ofAnotherTrial, true, false],
])("what passed and is %o (shared before: %s) is broken by the cure: %s", (after, isShared, breaks) => {
  const before = [played("sizes", origin)] as unknown as PlayedCheck[];
  expect(brokenIn(before, [played("sizes", after)] as unknown as Tried, isShared).length > 0).toBe(breaks);
});
