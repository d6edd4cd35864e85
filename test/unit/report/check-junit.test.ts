import { expect, test } from "vitest";
import { checkJunit } from "../../../harness/report/check-junit.ts";
import type { CheckReport, CheckRoute } from "../../../harness/report/check-report.ts";
import { childrenOf, parseXml } from "./_xml.ts";
import type { Element } from "./_xml.ts";
import { checkReportOf, evil, findings, full, healthy, hostileWith, routes, typical } from "./check-fixtures.ts";
import { scenarios } from "./fixtures.ts";

const rootOf = (report: CheckReport): Element => {
  const root = parseXml(checkJunit(report));
  expect(root.name).toBe("testsuites");
  return root;
};

const suitesOf = (report: CheckReport): Element[] => childrenOf(rootOf(report), "testsuite");

const caseIn = (suites: readonly Element[], suite: string, name: string): Element => {
  const found = suites
    .filter(({ attributes }) => attributes["name"] === suite)
    .flatMap((one) => childrenOf(one, "testcase"))
    .find(({ attributes }) => attributes["name"] === name);
  if (!found) throw new Error(`There is no case ${name} in ${suite}`);
  return found;
};

test("a suite for each route, a case for each check, and counts that agree with them", () => {
  const root = rootOf(typical);
  const suites = childrenOf(root, "testsuite");
  expect(suites.map(({ attributes }) => attributes["name"])).toEqual(routes.map(({ id }) => id));
  expect(suites.map((suite) => childrenOf(suite, "testcase").map(({ attributes }) => attributes["name"]))).toEqual(
    routes.map(({ checks }) => checks.map(({ check }) => check)),
  );
  for (const [attribute, child] of [
    ["failures", "failure"],
    ["errors", "error"],
    ["skipped", "skipped"],
  ] as const) {
    let sum = 0;
    for (const suite of suites) {
      const count = childrenOf(suite, "testcase").filter((one) => childrenOf(one, child).length > 0).length;
      expect(suite.attributes[attribute]).toBe(String(count));
      sum += count;
    }
    expect(root.attributes[attribute]).toBe(String(sum));
  }
  expect(root.attributes).toMatchObject({ tests: "9", failures: "3", errors: "1", skipped: "0" });
});

test("a failure says the sentence with its place, and has the card with the picture and the fix", () => {
  const failed = caseIn(suitesOf(typical), "app.example/events", "gzip");
  expect(failed.attributes).toMatchObject({ file: "deploy/nginx.conf", line: "5" });
  const [failure] = childrenOf(failed, "failure");
  expect(failure?.attributes).toEqual({ type: "buffered", message: `deploy/nginx.conf:5: ${findings.gzip.says}` });
  expect(failure?.text).toContain("origin writes");
  expect(failure?.text).toContain("\n    -    gzip_types text/plain text/event-stream;\n    +    gzip_types text/plain;\n");
});

test("what could not be judged is an error, what cannot run here is skipped, each with its reason", () => {
  const [route] = routes;
  const checks = [
    { check: "a", scenario: scenarios.inconclusive },
    { check: "b", scenario: scenarios.faulty },
    { check: "c", scenario: scenarios.unsupported },
  ];
  const suites = suitesOf(checkReportOf([], { routes: [{ ...(route as (typeof routes)[number]), checks }] }));
  const message = (name: string, tag: string): string | undefined =>
    childrenOf(caseIn(suites, "app.example/events", name), tag)[0]?.attributes["message"];
  expect(message("a", "error")).toBe(`INCONCLUSIVE: ${scenarios.inconclusive.why}`);
  expect(message("b", "error")).toBe(`HARNESS-FAULT: ${scenarios.faulty.why}`);
  expect(message("c", "skipped")).toBe(`UNSUPPORTED: ${scenarios.unsupported.why}`);
});

test("a check that failed without a finding fails", () => {
  const [failure] = childrenOf(caseIn(suitesOf(checkReportOf([])), "app.example/export", "origin-abort"), "failure");
  expect(failure?.attributes["message"]).toMatch(/^deploy\/nginx\.conf:16: must end: visibly, but nginx ended/);
});

test("a check that shows what another one's finding is about names that line too", () => {
  const [route] = routes;
  const gzip = route?.checks.find(({ check }) => check === "gzip") as CheckRoute["checks"][number];
  const checks = [gzip, { ...gzip, check: "charset" }];
  const suites = suitesOf(checkReportOf([findings.gzip], { routes: [{ ...(route as CheckRoute), checks }] }));
  const [failure] = childrenOf(caseIn(suites, "app.example/events", "charset"), "failure");
  expect(failure?.attributes).toEqual({ type: "buffered", message: `deploy/nginx.conf:5: ${findings.gzip.says}` });
});

test("a finding of a check that is not among the route's is a case too, and a note stands in the suite's words", () => {
  const suites = suitesOf(
    checkReportOf([
      { ...findings.gzip, check: "combined" },
      { ...findings.noEffect, check: "none" },
    ]),
  );
  expect(childrenOf(caseIn(suites, "app.example/events", "combined"), "failure")).toHaveLength(1);
  const [suite] = suites;
  expect(childrenOf(suite as Element, "system-out")[0]?.text).toMatch(
    /add_header X-Accel-Buffering no is believed to .*\s+and does nothing here/,
  );
  expect(childrenOf(suite as Element, "system-out")[0]?.text).toContain("cuts a silent stream after 60.0 s");
});

test("a note of a check that passes stays a note", () => {
  const noted = caseIn(suitesOf(checkReportOf([findings.noEffect])), "app.example/events", "events");
  expect(noted.children.map(({ name }) => name)).toEqual(["system-out"]);
  expect(noted.children[0]?.text).toContain("does nothing");
});

test("an interrupted check is no green one", () => {
  const root = rootOf({ ...healthy, interrupted: true });
  expect(root.attributes).toMatchObject({ errors: "1", failures: "0" });
  expect(childrenOf(root, "testsuite")).toHaveLength(2);
});

test("what came from the wire or a file stays text", () => {
  const [suite, ...more] = suitesOf(hostileWith(evil));
  expect(more).toEqual([]);
  const cases = childrenOf(suite as Element, "testcase");
  expect(cases).toHaveLength(2);
  expect(cases[0]?.attributes["name"]).toContain("]]></failure> --> <script>x</script>");
  expect(checkJunit(hostileWith(evil))).not.toMatch(/^\s*::|##\[/m);
  expect(suitesOf(full)).toHaveLength(2);
});

test("a check that only shows what is less than an error fails no test; its card is there", () => {
  const warning = { ...findings.gzip, level: "warning" as const };
  const one = caseIn(suitesOf(checkReportOf([warning])), warning.route, warning.check);
  expect(childrenOf(one, "failure")).toEqual([]);
  expect(childrenOf(one, "system-out")).toHaveLength(1);
});
