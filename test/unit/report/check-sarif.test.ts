import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { packageRoot } from "../../../harness/catalog/package-root.ts";
import type { CheckReport, Finding } from "../../../harness/report/check-report.ts";
import { checkSarif } from "../../../harness/report/check-sarif.ts";
import { pageOfRule, rules } from "../../../harness/report/check-words.ts";
import { checkReportOf, evil, findings, full, healthy, hostileWith, nginxConf, typical } from "./check-fixtures.ts";

// The committee's own schema is of draft 4, and differs from what Ajv reads in nothing but its head.
const require = createRequire(import.meta.url);
const {
  id: _,
  $schema: __,
  ...schema
} = JSON.parse(readFileSync(require.resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"), "utf8"));
const inUri = /^[\w\-.~:/?#[\]@!$&'()*+,;=%]*$/;
const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
ajv.addFormat("uri", (text) => inUri.test(text) && URL.canParse(text));
ajv.addFormat("uri-reference", (text) => inUri.test(text) && !/%(?![\dA-F]{2})/i.test(text) && URL.canParse(text, "file:///"));
ajv.addFormat("date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
const validate = ajv.compile(schema);

const problems = (log: unknown): string[] => {
  validate(log);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

interface Region {
  startLine: number;
  startColumn: number;
  endLine?: number;
  endColumn?: number;
}

interface Replacement {
  deletedRegion: Region;
  insertedContent: { text: string };
}

interface Result {
  ruleId: string;
  ruleIndex: number;
  level: string;
  message: { text: string };
  locations: { physicalLocation: { artifactLocation: { uri: string; uriBaseId?: string }; region: Region } }[];
  partialFingerprints: Record<string, string>;
  fixes?: { artifactChanges: { artifactLocation: { uri: string }; replacements: Replacement[] }[] }[];
}

const runOf = (report: CheckReport) => {
  const log = JSON.parse(checkSarif(report));
  expect(problems(log)).toEqual([]);
  expect(log.runs).toHaveLength(1);
  return log.runs[0] as {
    tool: { driver: { rules: { id: string; helpUri: string; defaultConfiguration: { level: string } }[] } };
    invocations: { executionSuccessful: boolean; toolExecutionNotifications: { level: string; message: { text: string } }[] }[];
    results: Result[];
  };
};

const resultOf = (finding: Finding): Result => runOf(checkReportOf([finding])).results[0] as Result;

test("the schema refuses what is no SARIF, so that its silence says something", () => {
  const log = JSON.parse(checkSarif(typical));
  for (const spoil of [
    () => (log.runs[0].results[0].level = "fatal"),
    () => (log.runs[0].results[0].locations[0].physicalLocation.region.startLine = 0),
    () => (log.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri = "a b"),
    () => (log.runs[0].tool.driver.rules[0].helpUri = "docs/verdicts/buffered.md"),
    () => delete log.runs[0].tool.driver.name,
  ]) {
    const before = problems(log).length;
    spoil();
    expect(problems(log).length).toBeGreaterThan(before);
  }
});

test.for([typical, full, healthy, hostileWith(evil)])("a log that the committee's schema allows", (report) => {
  expect(runOf(report).results).toHaveLength(report.findings.length);
});

test("one rule for each kind of finding, each with its page", () => {
  const described = runOf(full).tool.driver.rules;
  expect(described.map(({ id }) => id)).toEqual(rules);
  for (const [index, { id, helpUri, defaultConfiguration }] of described.entries()) {
    expect(helpUri).toBe(`https://unpkg.com/hopwise@0.1.0/${pageOfRule(rules[index] ?? "buffered")}`);
    expect(existsSync(`${packageRoot}/docs/verdicts/${id}.md`), id).toBe(true);
    expect(defaultConfiguration.level).toBe(id === "no-effect" ? "note" : id === "refused" ? "warning" : "error");
  }
});

test("a result names its rule, its line and what is to be done, and is the same one in every run", () => {
  const result = resultOf(findings.gzip);
  expect(rules[result.ruleIndex]).toBe(result.ruleId);
  expect(result).toMatchObject({ ruleId: "buffered", level: "error", partialFingerprints: { "hopwise/v1": findings.gzip.id } });
  expect(result.locations[0]?.physicalLocation).toMatchObject({
    artifactLocation: { uri: "deploy/nginx.conf", uriBaseId: "%SRCROOT%" },
    region: { startLine: 5, startColumn: 5 },
  });
  expect(result.message.text).toBe(
    `${findings.gzip.says}. On app.example/events, Accept-Encoding: gzip: ${findings.gzip.evidence}. Fix: take text/event-stream out of gzip_types.`,
  );
  expect(resultOf(findings.noEffect)).toMatchObject({ ruleId: "no-effect", level: "note" });
});

test.for([
  ["./deploy//nginx.conf", "deploy/nginx.conf", "%SRCROOT%"],
  [String.raw`deploy\nginx.conf`, "deploy/nginx.conf", "%SRCROOT%"],
  ["a b/ü%?#:.conf", "a%20b/%C3%BC%25%3F%23%3A.conf", "%SRCROOT%"],
  ["/etc/nginx/nginx.conf", "file:///etc/nginx/nginx.conf", undefined],
  ["bad\uD800.conf", "bad%EF%BF%BD.conf", "%SRCROOT%"],
] as const)("a file is named by a URI: %s", ([file, uri, base]) => {
  const { artifactLocation } = resultOf({ ...findings.gzip, at: { ...findings.gzip.at, file } }).locations[0]?.physicalLocation ?? {};
  expect(artifactLocation).toEqual(base === undefined ? { uri } : { uri, uriBaseId: base });
});

/** As 3.57.3 has it: the region's text gives way to the inserted one. */
const applied = (text: string, replacements: readonly Replacement[]): string => {
  const lines = text.split("\n");
  const offset = (line: number, column: number): number => lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0) + column - 1;
  return replacements.toReversed().reduce((now, { deletedRegion: { startLine, startColumn, endLine, endColumn }, insertedContent }) => {
    const last = endLine ?? startLine;
    const end = endColumn === undefined ? offset(last, (lines[last - 1]?.length ?? 0) + 1) : offset(last, endColumn);
    return now.slice(0, offset(startLine, startColumn)) + insertedContent.text + now.slice(end);
  }, text);
};

const fixOf = (diff: string): Replacement[] | undefined =>
  resultOf({ ...findings.gzip, fix: { ...findings.gzip.fix, diff } }).fixes?.[0]?.artifactChanges[0]?.replacements;

test.for<[diff: string, fixed: string]>([
  [findings.gzip.fix.diff ?? "", nginxConf.replace(" text/event-stream;", ";")],
  [
    findings.version.fix.diff ?? "",
    nginxConf.replace(/(export \{\n.*\n)/, '$1            proxy_http_version 1.1;\n            proxy_set_header Connection "";\n'),
  ],
  [
    "--- a/deploy/nginx.conf\n+++ b/deploy/nginx.conf\n@@ -4,2 +3,0 @@\n-    gzip on;\n-    gzip_types text/plain text/event-stream;\n",
    nginxConf.replace(/ +gzip on;\n.*\n/, ""),
  ],
  [
    "--- deploy/nginx.conf\n+++ deploy/nginx.conf\n@@ -4,0 +5 @@\n+    gzip_vary on;\n",
    nginxConf.replace("gzip on;\n", "gzip on;\n    gzip_vary on;\n"),
  ],
  [
    "--- x\n+++ x\n@@ -1 +1 @@\n-worker_processes 1;\n+worker_processes 2;\n@@ -4,2 +4,3 @@\n-    gzip on;\n+    gzip off;\n+    # none\n     gzip_types text/plain text/event-stream;\n",
    nginxConf.replace("processes 1", "processes 2").replace("gzip on;", "gzip off;\n    # none"),
  ],
])("a fix makes of the file what the diff does (%#)", ([diff, fixed]) => {
  expect(applied(nginxConf, fixOf(diff) ?? [])).toBe(fixed);
});

test.for([
  "no diff at all",
  "--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n",
  "--- a\n+++ a\n@@ -1 +1 @@\n-x\n+y\n\\ No newline at end of file\n",
  "--- a\n+++ a\n@@ -1 +1 @@\n-x\r\n+y\r\n",
  "--- a\n+++ a\n@@ -1,3 +1 @@\n-x\n+y\n",
  "--- a\n+++ a\n@@ -1 +1 @@\n-x\n+y\nrest\n",
  "--- a\n+++ a\n",
])("a diff that is not whole makes no fix: %j", (diff) => {
  expect(fixOf(diff)).toBeUndefined();
});

test("what could not be judged or is left out is a notification, and an interrupted run was no success", () => {
  const [invocation] = runOf({ ...full, interrupted: true }).invocations;
  expect(invocation?.executionSuccessful).toBe(false);
  expect(invocation?.toolExecutionNotifications.map(({ message }) => message.text)).toEqual([
    expect.stringMatching(/^app\.example\/export reload could not be judged \(inconclusive\): /),
    expect.stringMatching(
      /^app\.example\/events: not checked whether gzip on \(deploy\/nginx\.conf:\d+\) is the culprit: .*: socket hang up$/,
    ),
    "app.example/events: not checked whether this is a fix: take it out: a trial on the changed copy could not run: the lab is gone",
    "deploy/nginx.conf:20 is not checked: memcached_pass cache:11211: the lab speaks HTTP, not what memcached_pass speaks",
  ]);
});

test("what fails without a finding is an error of the run", () => {
  const [invocation] = runOf(checkReportOf([])).invocations;
  expect(invocation?.toolExecutionNotifications.filter(({ level }) => level === "error").map(({ message }) => message.text)).toEqual([
    expect.stringMatching(/^app\.example\/events gzip failed: must deliver/),
    expect.stringMatching(/^app\.example\/export events failed: must deliver/),
    expect.stringMatching(/^app\.example\/export origin-abort failed: must end/),
  ]);
});

test("a message has neither links nor placeholders of a configuration's making", () => {
  const { message } = resultOf({ ...findings.gzip, says: "location ~ ^/x{2} [here](https://evil.example) {0}" });
  expect(message.text).toMatch(/^location ~ \^\/x\{\{2\}\} \[here\] \(https:\/\/evil\.example\) \{\{0\}\}\. /);
});
