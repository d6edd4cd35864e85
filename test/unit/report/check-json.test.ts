import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { checkJson } from "../../../harness/report/check-json.ts";
import type { CheckReport } from "../../../harness/report/check-report.ts";
import { rules } from "../../../harness/report/check-words.ts";
import { evil, full, healthy, hostileWith, typical } from "./check-fixtures.ts";

const read = (name: string) => JSON.parse(readFileSync(new URL(`../../../harness/report/${name}`, import.meta.url), "utf8"));
const schema = read("check.schema.json");
const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);

const problems = (report: unknown): string[] => {
  validate(report);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

test.for([
  ["typical", typical],
  ["full", full],
  ["healthy", healthy],
  ["hostile", hostileWith(evil)],
] as const)("the schema allows what a %s report says, and the JSON is that report", ([, report]) => {
  expect(JSON.parse(checkJson(report))).toEqual(report);
  expect(problems(JSON.parse(checkJson(report)))).toEqual([]);
});

test("the schema knows every rule, and no other", () => {
  expect(schema.definitions.Rule.enum.toSorted()).toEqual(rules.toSorted());
});

type Damage = (report: CheckReport) => unknown;

test.for<[string, Damage]>([
  ["a rule that is none", ({ findings: [one] }) => Object.assign(one ?? {}, { rule: "bufferred" })],
  ["a level that is none", ({ findings: [one] }) => Object.assign(one ?? {}, { level: "fatal" })],
  ["a finding without a place", ({ findings: [one] }) => Reflect.deleteProperty(one ?? {}, "at")],
  ["a line before the first", ({ findings: [one] }) => Object.assign(one?.at ?? {}, { line: 0 })],
  ["a culprit line that is a word", ({ findings: [one] }) => Object.assign(one ?? {}, { culprit: "nginx.conf:5" })],
  ["a header without a value", ({ findings: [one] }) => Object.assign(one?.fix ?? {}, { headers: [["Cache-Control"]] })],
  ["a limit that is no number", ({ routes: [one] }) => Object.assign(one?.limits[0] ?? {}, { ms: Number.NaN })],
  ["a trial of an unknown outcome", ({ routes: [one] }) => Object.assign(one?.checks[0]?.scenario ?? {}, { outcome: "passed" })],
  ["a field too many", (report) => Object.assign(report.server, { user: "root" })],
  ["a field too few", (report) => Reflect.deleteProperty(report, "notChecked")],
  ["another schema", (report) => Object.assign(report, { schema: "hopwise.report/1" })],
])("the schema refuses %s", ([, spoil]) => {
  const report = structuredClone(typical);
  spoil(report);
  expect(problems(JSON.parse(JSON.stringify(report)))).not.toEqual([]);
});

test("the JSON cannot steer a terminal or a runner, and ends with a line break", () => {
  const text = checkJson(hostileWith(evil));
  expect(text.endsWith("}\n")).toBe(true);
  expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
  expect(text).not.toMatch(/^\s*::|##\[/m);
});
