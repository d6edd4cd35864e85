import { expect, test } from "vitest";
import { exitCodeOf } from "../../../harness/commands/exit-code.ts";
import { besideBaseline } from "../../../harness/report/baseline.ts";
import { pretty } from "../../../harness/report/pretty.ts";
import type { ScenarioReport } from "../../../harness/report/report.ts";
import { reportOf, scenarios } from "./fixtures.ts";

const { incremental, buffered, inconclusive } = scenarios;
const passed: ScenarioReport = { ...incremental, id: buffered.id };
const [delivery, headers] = buffered.facets;
if (delivery?.facet !== "delivery" || headers?.facet !== "headers") throw new Error("The fixture has changed");

const otherCulprit: ScenarioReport = { ...buffered, culprit: "nginx", facets: [{ ...delivery, culprit: "nginx" }] };
const spoken: ScenarioReport = { ...buffered, expected: { deliver: "incrementally", headers: "promptly" } };
const atPoint = (value: string): ScenarioReport => ({
  ...buffered,
  cases: buffered.cases.map((trialCase) => ({ ...trialCase, point: { acceptEncoding: value } })),
});

test.for<[what: string, now: ScenarioReport, before: ScenarioReport | null, change: string | undefined]>([
  ["the same failure", buffered, buffered, "known"],
  ["a failure that passed", buffered, passed, "new"],
  ["a failure that was not there", buffered, null, "new"],
  ["a failure that could not be judged", buffered, { ...inconclusive, id: buffered.id }, "new"],
  ["another culprit", otherCulprit, buffered, "new"],
  ["another word", { ...buffered, headline: "lagging" }, buffered, "new"],
  ["one more fault that the scenario speaks of", spoken, { ...spoken, facets: [delivery] }, "new"],
  ["one more fault that it does not speak of", buffered, { ...buffered, facets: [delivery] }, "known"],
  ["one fault less", { ...spoken, facets: [delivery] }, spoken, "known"],
  ["the same fault at another value of a sweep", atPoint("gzip"), atPoint("br"), "new"],
  ["the same fault at the same value", atPoint("gzip"), atPoint("gzip"), "known"],
  ["a failure that is gone", passed, buffered, "fixed"],
  ["a pass as before", passed, passed, undefined],
  ["what cannot be judged any more", { ...inconclusive, id: buffered.id }, buffered, undefined],
])("%s", ([, now, before, change]) => {
  expect(besideBaseline(now, reportOf(...(before ? [before] : []))).baseline?.change).toBe(change);
});

test("only what is known does not fail the run", () => {
  const known = besideBaseline(buffered, reportOf(buffered));
  expect(exitCodeOf(reportOf(known), { allowUnsupported: false })).toBe(0);
  expect(exitCodeOf(reportOf(known, inconclusive), { allowUnsupported: false })).toBe(3);
  expect(exitCodeOf(reportOf(besideBaseline(buffered, reportOf(passed))), { allowUnsupported: false })).toBe(1);
});

test("the card and the last line tell it", () => {
  const known = besideBaseline(buffered, reportOf(buffered));
  const fixed = besideBaseline({ ...incremental, id: "fixed" }, reportOf({ ...buffered, id: "fixed" }));
  const lines = pretty(reportOf(known, fixed), { width: 120, color: false }).trimEnd().split("\n");
  expect(lines.at(-1)).toBe("1 passed (1 fixed), 1 failed (1 known), 0 skipped (14.21 s)");
  expect(lines.find((line) => line.startsWith("✗ FAIL"))).toMatch(/^✗ FAIL {2}delivery buffered · culprit: gzip · known/);
  expect(lines).toContain("  in the baseline: fail · buffered · culprit: gzip");
});
