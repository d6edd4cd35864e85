import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readBaseline, readReport } from "../../../harness/commands/read-report.ts";
import { json } from "../../../harness/report/json.ts";
import { hostile, reportOf, scenarios } from "../report/fixtures.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hopwise-report-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const written = async (text: string): Promise<string> => {
  const file = join(folder, "report.json");
  await writeFile(file, text);
  return file;
};

const report = reportOf(...Object.values(scenarios), hostile);

test("what was written is read again", async () => {
  expect(await readReport(await written(json(report)))).toEqual(report);
});

test("a baseline may come from another version, a report to merge may not", async () => {
  const scenario = { id: "a", outcome: "fail", headline: "buffered", culprit: "gzip", facets: [], cases: [], later: "field" };
  const file = await written(
    JSON.stringify({ schema: "hopwise.report/1", tool: { name: "hopwise", version: "9" }, scenarios: [scenario] }),
  );
  expect((await readBaseline(file)).scenarios).toHaveLength(1);
  await expect(readReport(file)).rejects.toThrow(/is not a valid report: /);
});

test.for<[what: string, text: string, sentence: RegExp]>([
  ["no JSON", "{", /report\.json is not JSON: /],
  ["another file", "{}", /is not a Hopwise report: its schema is missing/],
  ["nothing", "null", /is not a Hopwise report/],
  ["another schema", '{"schema":"hopwise.trace/1"}', /its schema is "hopwise\.trace\/1", not "hopwise\.report\/1"/],
  ["a report without scenarios", '{"schema":"hopwise.report/1"}', /is not a valid report: it must have required property 'scenarios'/],
  ["a scenario that is none", '{"schema":"hopwise.report/1","scenarios":[{"id":1}]}', /is not a valid report: \/scenarios\/0 must have/],
])("%s is refused in a sentence", async ([, text, sentence]) => {
  await expect(readBaseline(await written(text))).rejects.toThrow(sentence);
});

test("a report that is not there", async () => {
  await expect(readReport(join(folder, "missing.json"))).rejects.toThrow(/^There is no file ".*missing\.json" in /);
});
