import { expect, test } from "vitest";
import { exitCodeOf } from "../../../harness/commands/exit-code.ts";
import { oldNode } from "../../../harness/commands/node-version.ts";
import type { ScenarioReport } from "../../../harness/report/report.ts";
import { reportOf, scenarios } from "../report/fixtures.ts";

const { incremental, buffered, unsupported, inconclusive, faulty } = scenarios;

test.for<[string, ScenarioReport[], number]>([
  ["all hold", [incremental], 0],
  ["one fails, another could not be judged", [incremental, inconclusive, buffered, faulty], 1],
  ["one was inconclusive", [incremental, inconclusive], 3],
  ["the harness failed", [faulty], 3],
  ["one cannot run here", [incremental, unsupported], 3],
])("%s", ([, reports, code]) => {
  expect(exitCodeOf(reportOf(...reports), { allowUnsupported: false })).toBe(code);
});

test("what cannot run here may be allowed, what could not be judged may not", () => {
  expect(exitCodeOf(reportOf(incremental, unsupported), { allowUnsupported: true })).toBe(0);
  expect(exitCodeOf(reportOf(unsupported, inconclusive), { allowUnsupported: true })).toBe(3);
});

test("an interrupted run is no pass and no failure", () => {
  for (const reports of [[], [incremental], [buffered]])
    expect(exitCodeOf({ ...reportOf(...reports), interrupted: true }, { allowUnsupported: true })).toBe(130);
});

test("a Node that reports resets as ends is refused with what to do", () => {
  expect(oldNode("24.0.0")).toBeNull();
  expect(oldNode("26.1.0")).toBeNull();
  expect(oldNode("22.23.1")).toMatchObject({
    says: expect.stringContaining("22.23.1 is too old"),
    fix: expect.stringContaining("Node 24"),
  });
});
