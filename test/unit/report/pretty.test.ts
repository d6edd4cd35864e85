import { expect, test } from "vitest";
import { oneLine } from "../../../harness/report/card.ts";
import { pretty } from "../../../harness/report/pretty.ts";
import { widthOf } from "../../../harness/report/text.ts";
import * as fixtures from "./fixtures.ts";

const { reportOf, scenarios, hostile, died } = fixtures;

test("a report at 80 columns", () => {
  expect(pretty(reportOf(...Object.values(scenarios)), { width: 80, color: false })).toMatchSnapshot();
});

test.for([60, 80, 120])(
  "what carries meaning is there at %i columns: verdict, culprit, why, what is known, how to run it again",
  (width) => {
    for (const report of Object.values(scenarios)) {
      const card = pretty(reportOf(report), { width, color: false }).replaceAll(/\s+/g, " ");
      const judged = report.headline !== "not-judged";
      if (judged) expect(card).toMatch(new RegExp(`^[✓✗] (PASS|FAIL) [a-z]+ ${report.headline}`));
      if (report.culprit !== null) expect(card).toContain(`culprit: ${report.culprit}`);
      expect(card).toContain(report.id);
      expect(card).toContain(report.title);
      expect(card).toContain(report.why);
      if (report.outcome === "fail") expect(card).toContain(`(docs/verdicts/${report.headline}.md)`);
      if (report.because !== null) expect(card).toContain(`known from: ${report.because}`);
      if (report.fixedBy !== null) expect(card).toContain(`fixed by: ${report.fixedBy}`);
      expect(card.includes(`again: ${report.reproduce}`)).toBe(report.culprit !== null || report.outcome === "inconclusive");
    }
  },
);

test("what the wire or a file said cannot steer the terminal", () => {
  const text = pretty(reportOf(hostile), { width: 80, color: false }) + oneLine(hostile, { color: false });
  expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
  const escaped = String.raw`\x1b[2J\x1b]0;owned\x07 line\x0d\x0abreak \u202egnp.exe\u200b \x9b1m \ud800 end`;
  const unbroken = text.replaceAll(/\s+/g, " ");
  for (const where of [
    "culprit: proxy",
    "id: hostile",
    "Title ",
    "sse",
    "GET",
    "but ",
    "in proxy",
    "https://example.org/",
    "fixed by: fixed",
  ])
    expect(unbroken).toContain(`${where}${escaped}`);
});

test.for([40, 60, 80, 100])("no line is longer than %i columns, but for links", (width) => {
  const lines = pretty(reportOf(...Object.values(scenarios), hostile), { width, color: false }).split("\n");
  const long = lines.filter((line) => widthOf(line) > width && !/known from:|fixed by:|again:|id:|\d passed/.test(line));
  expect(long).toEqual([]);
});

test("colors change nothing but the color", () => {
  const report = reportOf(...Object.values(scenarios));
  // oxlint-disable-next-line no-control-regex
  expect(pretty(report, { width: 72, color: true }).replaceAll(/\u001B\[\d+m/g, "")).toBe(pretty(report, { width: 72, color: false }));
});

test("the verdict's own word stands on the card, with the culprit", () => {
  for (const report of Object.values(scenarios).filter(({ headline }) => headline !== "not-judged")) {
    const [first] = pretty(reportOf(report), { width: 100, color: false }).split("\n");
    expect(first).toContain(report.headline);
    if (report.culprit !== null) expect(first).toContain(`culprit: ${report.culprit}`);
  }
});

test("a hop that crashed is the culprit without a facet, and its meaning is shown", () => {
  const text = pretty(reportOf(died), { width: 100, color: false });
  expect(text).toMatch(/^✗ FAIL {2}crashed · culprit: hop/);
  expect(text).toContain(died.why);
  expect(text).toContain("(docs/verdicts/crashed.md)");
  expect(text).toMatch(/attempts {2}1 of 1 were inconclusive/);
});

test("the last line counts the outcomes, and failures stand nearest to it", () => {
  const lines = pretty(reportOf(...Object.values(scenarios)), { width: 100, color: false })
    .trimEnd()
    .split("\n");
  expect(lines.at(-1)).toBe("5 passed, 3 failed, 1 skipped, 2 not judged (14.21 s)");
  const marks = lines.flatMap((line) => /^[✓✗○?!] (\S+)/.exec(line)?.[1] ?? []);
  expect(marks.slice(-3)).toEqual(["FAIL", "FAIL", "FAIL"]);
  expect(pretty(reportOf(scenarios.incremental), { width: 100, color: false }).trimEnd().split("\n").at(-1)).toBe(
    "1 passed, 0 failed, 0 skipped (14.21 s)",
  );
});

test("a picture is drawn where something went wrong or is known to, and only there", () => {
  const pictured = Object.entries(scenarios).filter(([, report]) =>
    pretty(reportOf(report), { width: 100, color: false }).includes("origin writes"),
  );
  expect(pictured.map(([name]) => name)).toEqual(["buffered", "lagging", "held", "timedOut", "hung", "lost"]);
});

test("an interrupted run says so", () => {
  expect(pretty({ ...reportOf(scenarios.incremental), interrupted: true, control: null }, { width: 100, color: false })).toMatch(
    /interrupted: .*missing/,
  );
});
