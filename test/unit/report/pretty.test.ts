import { expect, test } from "vitest";
import { oneLine } from "../../../harness/report/card.ts";
import { pretty } from "../../../harness/report/pretty.ts";
import { widthOf } from "../../../harness/report/text.ts";
import * as fixtures from "./fixtures.ts";

const { reportOf, scenarios, hostile, died } = fixtures;

test.for([60, 100])("a report at %i columns", (width) => {
  expect(pretty(reportOf(...Object.values(scenarios)), { width, colour: false })).toMatchSnapshot();
});

test("a report in colours", () => {
  expect(pretty(reportOf(scenarios.buffered), { width: 80, colour: true })).toMatchSnapshot();
});

test("what the wire or a file said cannot steer the terminal", () => {
  const text = pretty(reportOf(hostile), { width: 80, colour: false }) + oneLine(hostile, { colour: false });
  expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
  expect(text).toMatchSnapshot();
});

test.for([40, 60, 80, 100])("no line is longer than %i columns, but for links", (width) => {
  const lines = pretty(reportOf(...Object.values(scenarios), hostile), { width, colour: false }).split("\n");
  const long = lines.filter((line) => widthOf(line) > width && !/known from:|cured in:|again:|id:|\d passed/.test(line));
  expect(long).toEqual([]);
});

test("colours change nothing but the colour", () => {
  const report = reportOf(...Object.values(scenarios));
  // oxlint-disable-next-line no-control-regex
  expect(pretty(report, { width: 72, colour: true }).replaceAll(/\u001B\[\d+m/g, "")).toBe(pretty(report, { width: 72, colour: false }));
});

test("the verdict's own word stands on the card, with the culprit", () => {
  for (const report of Object.values(scenarios).filter(({ headline }) => headline !== "not-judged")) {
    const [first] = pretty(reportOf(report), { width: 100, colour: false }).split("\n");
    expect(first).toContain(report.headline);
    if (report.culprit !== null) expect(first).toContain(`culprit: ${report.culprit}`);
  }
});

test("a hop that died is the culprit without a facet, and what it means is told", () => {
  const text = pretty(reportOf(died), { width: 100, colour: false });
  expect(text).toMatch(/^✗ FAIL {2}died · culprit: hop/);
  expect(text).toContain(died.why);
  expect(text).toContain("(docs/verdicts/died.md)");
  expect(text).toMatch(/twice {5}1 of 1: /);
});

test("the last line counts the outcomes, and failures stand nearest to it", () => {
  const lines = pretty(reportOf(...Object.values(scenarios)), { width: 100, colour: false })
    .trimEnd()
    .split("\n");
  expect(lines.at(-1)).toBe("5 passed, 3 failed, 1 skipped, 2 not judged (14.21 s)");
  const marks = lines.flatMap((line) => /^[✓✗○?!] (\S+)/.exec(line)?.[1] ?? []);
  expect(marks.slice(-3)).toEqual(["FAIL", "FAIL", "FAIL"]);
  expect(pretty(reportOf(scenarios.incremental), { width: 100, colour: false }).trimEnd().split("\n").at(-1)).toBe(
    "1 passed, 0 failed, 0 skipped (14.21 s)",
  );
});

test("a picture is drawn where something went wrong or is known to, and only there", () => {
  const pictured = Object.entries(scenarios).filter(([, report]) =>
    pretty(reportOf(report), { width: 100, colour: false }).includes("origin writes"),
  );
  expect(pictured.map(([name]) => name)).toEqual(["buffered", "lagging", "held", "timedOut", "hung", "lost"]);
});

test("an interrupted run says so", () => {
  expect(pretty({ ...reportOf(scenarios.incremental), interrupted: true, control: null }, { width: 100, colour: false })).toMatch(
    /interrupted: .*missing/,
  );
});
