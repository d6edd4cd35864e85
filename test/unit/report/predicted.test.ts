// Without a container engine every report says that nothing ran, and passes nothing.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv } from "ajv";
import { describe, expect, it, test } from "vitest";
import { checkReporters } from "../../../harness/commands/formats.ts";
import { widthOf } from "../../../harness/report/text.ts";
import { headline } from "../../../harness/report/predicted-words.ts";
import { childrenOf, parseXml } from "./_xml.ts";
import { evil, nginxConf } from "./check-fixtures.ts";
import { tagsOf } from "./_markdown.ts";
import { rendered } from "./_rendered.ts";
import { predictedExample, predictedOf, predictedWith } from "./_predicted.ts";

const look = { width: 100, color: false };
/** A picture shows what ran: here it only says that nothing did. */
const names = [...checkReporters.keys()].filter((name) => name !== "svg");
const hostile = predictedWith(evil);

const schema = JSON.parse(readFileSync(new URL("../../../harness/report/check.schema.json", import.meta.url), "utf8"));
const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);
const problems = (report: unknown): string[] => {
  validate(report);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

describe("json", () => {
  test.for([
    ["usual", predictedExample],
    ["hostile", hostile],
  ] as const)("the schema allows a %s report, and the JSON is that report", ([, report]) => {
    expect(JSON.parse(rendered("json", report))).toEqual(report);
    expect(problems(JSON.parse(rendered("json", report)))).toEqual([]);
  });

  it.each<[string, object]>([
    ["a server beside what did not run", { server: { version: "nginx/1.26.3", image: "nginx", why: "" } }],
    ["a prediction without the reason why nothing ran", { notRun: undefined }],
    ["a reason without a prediction", { predicted: undefined }],
    ["a level of a finding", { predicted: [{ ...predictedExample.predicted[0], level: "error" }] }],
  ])("the schema refuses %s", (_, change) => {
    expect(problems(JSON.parse(JSON.stringify({ ...predictedExample, ...change })))).not.toEqual([]);
  });
});

test("the directives, the routes and their trials are those of the configuration", () => {
  expect(predictedExample.routes.map(({ url, features }) => [url, features])).toEqual([
    ["http://app.example/events", []],
    ["http://app.example/export", []],
  ]);
  expect(predictedExample.predicted.map(({ level, at, directive, absent }) => [level, at.line, directive, absent])).toEqual([
    ["risk", 5, "gzip_types text/event-stream", false],
    ["risk", 10, "proxy_buffering off", true],
    ["note", 10, "proxy_read_timeout", true],
    ["note", 14, "add_header X-Accel-Buffering no", false],
    ["risk", 16, "proxy_http_version", true],
    ["risk", 5, "gzip_types text/event-stream", false],
    ["risk", 16, "proxy_buffering off", true],
    ["note", 16, "proxy_read_timeout", true],
  ]);
});

test("a file that is not UTF-8 is read, and no fix is proposed for it", async () => {
  const { predicted } = await predictedOf(Buffer.from(`# caf\u00E9\n${nginxConf}`, "latin1"));
  expect(predicted).toHaveLength(predictedExample.predicted.length);
  expect(predicted.map(({ fix }) => fix)).toEqual(predicted.map(() => null));
});

test("an image's tag says which defaults hold", async () => {
  const rulesWith = async (image: string | null): Promise<string[]> =>
    (await predictedOf(nginxConf, { image })).predicted.flatMap(({ directive, risks }) =>
      directive === "proxy_http_version" ? risks.flatMap(({ rule, provided }) => [rule, ...provided]) : [],
    );
  const older = "nginx is older than 1.29.7";
  expect(await rulesWith(null)).toEqual(["buffered", older, "truncated-silently", older]);
  expect(await rulesWith("registry.example:5000/nginx")).toEqual(["buffered", older, "truncated-silently", older]);
  expect(await rulesWith("nginx:1.29-alpine")).toEqual(["buffered", older, "truncated-silently", older]);
  expect(await rulesWith("nginx:1.27.4-alpine")).toEqual(["buffered", "truncated-silently"]);
  expect(await rulesWith("nginx:1.29.7")).toEqual([]);
  expect(await rulesWith("nginx:1.30")).toEqual([]);
});

test("pretty begins with the headline, has a section for each route, and shows a risk of both once", () => {
  const text = rendered("pretty", predictedExample, look);
  expect(text.split("\n")[0]).toBe(headline);
  expect(text.match(/^GET .*/gm)).toEqual(["GET http://app.example/events", "GET http://app.example/export"]);
  expect(text.match(/^ {4}the same as for GET http:\/\/app\.example\/events$/gm)).toHaveLength(1);
  expect(text.trimEnd().split("\n").at(-1)).toBe("5 risks, 3 notes predicted on 2 routes, 0 trials run");
  for (const line of rendered("pretty", hostile, { ...look, width: 60 }).split("\n"))
    // What would be a command is made longer by being escaped.
    expect(widthOf(line.replaceAll(String.raw`#\x23[`, "##[")), line).toBeLessThanOrEqual(60);
});

test("junit: every trial is skipped, one error says why, and the counts agree", () => {
  const root = parseXml(rendered("junit", predictedExample));
  const suites = childrenOf(root, "testsuite");
  const cases = suites.flatMap((suite) => childrenOf(suite, "testcase"));
  const [missing, ...trials] = cases;
  expect(missing?.attributes["name"]).toBe("A container engine answers");
  expect(missing && childrenOf(missing, "error")).toHaveLength(1);
  expect(trials.map((one) => childrenOf(one, "skipped").length)).toEqual(trials.map(() => 1));
  expect(trials).toHaveLength(predictedExample.routes.reduce((sum, route) => sum + route.trials.length, 0));
  expect(root.attributes).toMatchObject({ tests: String(cases.length), failures: "0", errors: "1", skipped: String(trials.length) });
});

test("sarif: valid, every result a note that is marked as predicted, no fix to be applied, and the invocation did not succeed", () => {
  const require = createRequire(import.meta.url);
  const {
    id: _,
    $schema: __,
    ...sarif
  } = JSON.parse(readFileSync(require.resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"), "utf8"));
  const isValid = new Ajv({
    allErrors: true,
    strict: false,
    unicodeRegExp: false,
    formats: { uri: true, "uri-reference": true, "date-time": true },
  }).compile(sarif);
  for (const report of [predictedExample, hostile]) {
    const log = JSON.parse(rendered("sarif", report));
    expect(isValid(log), JSON.stringify(isValid.errors)).toBe(true);
    const [{ results, invocations }] = log.runs;
    expect(results).toHaveLength(report.predicted.reduce((sum, { risks }) => sum + risks.length, 0));
    for (const result of results) {
      expect(result).toMatchObject({ level: "note", properties: { predicted: true } });
      expect(result.message.text).toMatch(/^Predicted, not proven: /);
      expect(result.fixes).toBeUndefined();
    }
    expect(invocations[0].executionSuccessful).toBe(false);
  }
});

test("github: one warning that nothing ran, no error, and a notice for each prediction", () => {
  for (const report of [predictedExample, hostile]) {
    const lines = rendered("github", report).trimEnd().split("\n");
    expect(lines[0]).toMatch(/^::warning title=hopwise%3A nothing was run::/);
    expect(lines).toHaveLength(1 + report.predicted.length + report.notChecked.length);
    for (const line of lines.slice(1)) expect(line).toMatch(/^::notice file=[^:,]*,line=\d+,col=\d+,title=[^:,]*::/);
  }
});

test("markdown: the headline comes first, and the page has the same elements whatever is said in it", () => {
  expect(rendered("markdown", predictedExample)).toMatch(/^## hopwise check: nothing was run\n\n\*\*No container engine answers/);
  expect(tagsOf(rendered("markdown", hostile))).toEqual(tagsOf(rendered("markdown", predictedWith("x"))));
});

test.for(names)("%s says that nothing ran, steers no terminal, and words no prediction as a fact", (name) => {
  const text = rendered(name, hostile, look);
  expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
  if (name !== "github") expect(text).not.toMatch(/^\s*::|##\[/m);
  const usual = rendered(name, predictedExample, look);
  if (name !== "json") expect(usual).toMatch(/No container engine answers: nothing was run/);
  // What a fix costs is known of the fix.
  const costs = predictedExample.predicted.flatMap(({ fix }) => fix?.cost ?? []);
  const predictions = costs.reduce((all, cost) => all.replaceAll(cost, ""), usual);
  expect(predictions).not.toMatch(/\b(?:holds|cuts|keeps|makes|lets|answers with)\b/);
  expect(predictions).toMatch(/may": "hold|may hold/);
});

test("what was asked for and is not done is said in every output", async () => {
  const report = await predictedOf(nginxConf, { notDone: ["--write: nothing was written"], engineAt: "unix:///nowhere.sock" });
  for (const name of names) {
    const text = rendered(name, report, look).replaceAll("&#45;", "-").replaceAll("&#58;", ":");
    expect(text, name).toContain("--write: nothing was written");
    expect(text, name).toContain("unix:///nowhere.sock");
  }
});
