import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Screen } from "../../../harness/commands/screen.ts";
import { showCommand } from "../../../harness/commands/show.ts";
import { checkPretty } from "../../../harness/report/check-pretty.ts";
import { probePretty } from "../../../harness/report/probe-pretty.ts";
import { pretty } from "../../../harness/report/pretty.ts";
import { savedTrace } from "../../_saved-trace.ts";
import { all as observations, report as probed } from "../probe/_report.ts";
import { full } from "../report/check-fixtures.ts";
import { reportOf, scenarios } from "../report/fixtures.ts";

const look = { width: 100, color: false };
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hopwise-show-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const save = async (name: string, value: unknown): Promise<string> => {
  const file = join(folder, name);
  await writeFile(file, JSON.stringify(value));
  return file;
};

const show = async (files: string[], reporter: string[] = ["pretty"]): Promise<{ code: number; out: string }> => {
  let out = "";
  const stream = { ...look, terminal: false, write: (text: string) => void (out += text) };
  const screen: Screen = { out: stream, err: stream, signal: new AbortController().signal, version: "1.2.3" };
  return { code: await showCommand(files, { reporter }, screen), out };
};

test("a saved report of a run is shown as it was, and whatever it says, showing it succeeds", async () => {
  const report = reportOf(scenarios.buffered, scenarios.incremental);
  expect(await show([await save("run.json", report)])).toEqual({ code: 0, out: pretty(report, look) });
});

test("so is that of a check", async () => {
  expect(await show([await save("check.json", full)])).toEqual({ code: 0, out: checkPretty(full, look) });
});

test("so is that of a probe, also as a page", async () => {
  const report = probed(observations, "bad");
  const file = await save("probe.json", report);
  expect(await show([file])).toEqual({ code: 0, out: probePretty(report, look) });
  const page = join(folder, "probe.html");
  await show([file], [`html=${page}`]);
  expect((await readFile(page, "utf8")).match(/<article/g)).toHaveLength(report.responses.length + 1);
  await expect(show([file], ["junit"])).rejects.toThrow(/--reporter junit is unknown/);
});

test("a trace is judged again, and what it shows is named", async () => {
  const { out } = await show([await save("hold-all.json", savedTrace("hold-all-2-of-4.json"))]);
  expect(out).toContain("✗ FAIL  delivery buffered · culprit: hold-all");
});

test("several traces make one report, also as a page", async () => {
  const files = [await save("a.json", savedTrace("hold-all-2-of-4.json")), await save("b.json", savedTrace("cork-200-2-of-4.json"))];
  const page = join(folder, "traces.html");
  await show(files, [`html=${page}`]);
  const text = await readFile(page, "utf8");
  expect(text.match(/<article/g)).toHaveLength(2);
  expect(text).toContain("cork-200");
});

test.for<[string, unknown, RegExp]>([
  ["something else", { schema: "hopwise.other/1" }, /no report and no trace of Hopwise: its schema is "hopwise\.other\/1"/],
  ["no object", 3, /its schema is missing/],
  ["a trace that misses its cases", { ...savedTrace("hold-all-2-of-4.json"), cases: [] }, /\/cases must NOT have fewer than 1 items/],
  ["a report of another shape", { ...reportOf(), scenarios: 3 }, /\/scenarios must be array/],
])("%s is refused", async ([, value, sentence]) => {
  await expect(show([await save("wrong.json", value)])).rejects.toThrow(sentence);
});

test("a file that is missing, or no JSON, is named", async () => {
  await expect(show([join(folder, "none.json")])).rejects.toThrow(/There is no file/);
  const file = join(folder, "text.json");
  await writeFile(file, "{");
  await expect(show([file])).rejects.toThrow(/is not JSON/);
});

test("two reports are refused: merge is for shards", async () => {
  const file = await save("run.json", reportOf(scenarios.buffered));
  await expect(show([file, file])).rejects.toThrow(/hopwise merge/);
});
