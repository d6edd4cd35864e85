import { expect, test } from "vitest";
import { besideBaseline } from "../../../harness/report/baseline.ts";
import { junit } from "../../../harness/report/junit.ts";
import type { Report, ScenarioReport } from "../../../harness/report/report.ts";
import { died, hostile, reportOf, scenarios } from "./fixtures.ts";
import { childrenOf, parseXml } from "./_xml.ts";
import type { Element } from "./_xml.ts";

const suiteOf = (report: Report): Element => {
  const root = parseXml(junit(report));
  expect(root.name).toBe("testsuites");
  const suites = childrenOf(root, "testsuite");
  expect(suites).toHaveLength(1);
  return suites[0] as Element;
};

const casesOf = (...reports: ScenarioReport[]): Element[] => childrenOf(suiteOf(reportOf(...reports)), "testcase");

const all = Object.values(scenarios);

test("a case for each scenario, with the counts of what they came to", () => {
  const suite = suiteOf(reportOf(...all));
  const cases = childrenOf(suite, "testcase");
  expect(cases.map(({ attributes }) => attributes["classname"])).toEqual(all.map(({ id }) => `hopwise.${id}`));
  expect(cases.map(({ attributes }) => attributes["name"])).toEqual(all.map(({ title }) => title));
  expect(suite.attributes).toMatchObject({ tests: "11", failures: "3", errors: "2", skipped: "1", time: "14.213" });
  for (const [attribute, child] of [
    ["failures", "failure"],
    ["errors", "error"],
    ["skipped", "skipped"],
  ] as const)
    expect(cases.filter((one) => childrenOf(one, child).length === 1)).toHaveLength(Number(suite.attributes[attribute]));
  expect(suite.attributes["timestamp"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
});

test("a failure says in its own words what the wire did, with the picture", () => {
  const { buffered } = scenarios;
  const [failed] = casesOf({ ...buffered, file: "deploy/edge.yaml" });
  expect(failed?.attributes["file"]).toBe("deploy/edge.yaml");
  const [failure] = childrenOf(failed as Element, "failure");
  expect(failure?.attributes).toEqual({ type: "buffered", message: `buffered, culprit: gzip: ${buffered.why}` });
  expect(failure?.text).toContain("origin writes");
  expect(failure?.text).toContain(buffered.reproduce);
});

test("a hop that died is a failure with its name", () => {
  const [failed] = casesOf(died);
  const [failure] = childrenOf(failed as Element, "failure");
  expect(failure?.attributes).toEqual({ type: "crashed", message: `crashed, culprit: hop: ${died.why}` });
});

test("a pass says what was seen", () => {
  const [passed] = casesOf(scenarios.incremental);
  expect(passed?.children.map(({ name }) => name)).toEqual(["system-out"]);
  expect(passed?.children[0]?.text).toContain(scenarios.incremental.why);
  expect(passed?.attributes["file"]).toBeUndefined();
});

test.for([
  ["unsupported", "skipped", "UNSUPPORTED: "],
  ["inconclusive", "error", "INCONCLUSIVE: "],
  ["faulty", "error", "HARNESS-FAULT: "],
] as const)("what is %s is %s, with the reason", ([name, tag, start]) => {
  const [one] = casesOf(scenarios[name]);
  expect(childrenOf(one as Element, tag)[0]?.attributes["message"]).toBe(start + scenarios[name].why);
});

test("what is known from a baseline does not fail", () => {
  const suite = suiteOf(reportOf(besideBaseline(scenarios.buffered, reportOf(scenarios.buffered))));
  expect(suite.attributes).toMatchObject({ failures: "0", skipped: "1" });
  expect(childrenOf(childrenOf(suite, "testcase")[0] as Element, "skipped")[0]?.attributes["message"]).toMatch(
    /^known from the baseline: buffered/,
  );
});

test("what came from the wire or a file stays text", () => {
  const evil = `]]></failure><testcase name="x"/><!-- & &amp; \u0000\u0008\u001B\uFFFE\uFFFF\uD800 "quoted" 'single' \r\n\t end`;
  const spoilt = { ...hostile, id: evil, title: evil, why: evil, headline: "buffered" as const, file: evil, reproduce: evil };
  const report = { ...reportOf(hostile, spoilt), versions: { [evil]: evil } };
  const suite = suiteOf(report);
  const [first, second, ...more] = childrenOf(suite, "testcase");
  expect(more).toEqual([]);
  expect(first?.attributes["name"]).toContain(String.raw`Title \x1b[2J`);
  expect(second?.attributes["name"]).toMatch(/^\]\]><\/failure><testcase name="x"\/><!-- & &amp; /);
  expect(childrenOf(second as Element, "failure")[0]?.attributes["message"]).toContain("\n");
  // oxlint-disable-next-line no-control-regex
  expect(junit(report)).not.toMatch(/[\u0000-\u0008\u000B-\u001F\uFFFE\uFFFF]/);
});

test("an interrupted run is no green one", () => {
  const suite = suiteOf({ ...reportOf(scenarios.incremental), interrupted: true });
  expect(suite.attributes).toMatchObject({ tests: "2", errors: "1" });
});

test("nothing at all is a report too", () => {
  expect(suiteOf(reportOf()).attributes).toMatchObject({ tests: "0", failures: "0" });
});
