// The nightly run goes on where it ended: for the same sources, or for those that it is told count. The stages here are programs that write down that they ran.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { logOf, readState, runStages } from "../../../bench/_nightly-run.ts";
import type { Stage } from "../../../bench/_nightly-run.ts";
import { stagesOf } from "../../../bench/_nightly-stages.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hopwise-nightly-"));
  writeFileSync(join(folder, "ran"), "");
  writeFileSync(join(folder, "fails.mjs"), program("process.exitCode = 1;"));
  writeFileSync(join(folder, "passes.mjs"), program(""));
  writeFileSync(join(folder, "waits.mjs"), program("setInterval(() => {}, 1000);"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const program = (then: string): string =>
  `import { appendFileSync } from "node:fs"; appendFileSync("ran", process.argv[2] + "\\n"); console.log("done"); ${then}\n`;

const stage = (name: string, script: string): Stage => ({ name, command: [script, name] });
const ran = (): string[] => readFileSync(join(folder, "ran"), "utf8").split("\n").filter(Boolean);
const stateFile = (): string => join(folder, "state.json");
const options = (of: string) => ({ folder, file: stateFile(), of, cwd: folder, say: () => {} });

const three = [stage("one", "passes.mjs"), stage("two", "fails.mjs"), stage("three", "passes.mjs")];

test("a stage that passed is not run again for the same sources, one that failed is", async () => {
  const state = await runStages(three, options("a"));
  expect(ran()).toEqual(["one", "two", "three"]);
  expect(Object.entries(state).map(([name, { code }]) => [name, code])).toEqual([
    ["one", 0],
    ["two", 1],
    ["three", 0],
  ]);
  expect(readFileSync(logOf(folder, stage("one", "")), "utf8")).toBe("done\n");
  await runStages(three, options("a"));
  expect(ran()).toEqual(["one", "two", "three", "two"]);
});

test("other sources begin anew", async () => {
  await runStages([stage("one", "passes.mjs")], options("a"));
  await runStages([stage("one", "passes.mjs")], options("b"));
  expect(ran()).toEqual(["one", "one"]);
  expect(readState(stateFile())["one"]).toMatchObject({ code: 0, of: "b" });
});

test("what passed with sources that count is not run again, and what failed with them is", async () => {
  await runStages(three, options("a"));
  await runStages(three, { ...options("b"), counts: (of) => of === "a" || of === "b" });
  expect(ran()).toEqual(["one", "two", "three", "two"]);
  expect(Object.values(readState(stateFile())).map(({ of }) => of)).toEqual(["a", "b", "a"]);
});

test("an interrupted stage counts as not run, and those after it do not start", async () => {
  const interruption = new AbortController();
  const say = (text: string): void => {
    if (text.startsWith("wait:")) interruption.abort();
  };
  const stages = [stage("one", "passes.mjs"), stage("wait", "waits.mjs"), stage("three", "passes.mjs")];
  await runStages(stages, { ...options("a"), say, signal: interruption.signal });
  expect(Object.keys(readState(stateFile()))).toEqual(["one"]);
});

test("each stage has a name of its own, and all of them are what the issue of each night asks for", () => {
  const stages = stagesOf(1);
  expect(new Set(stages.map(({ name }) => name)).size).toBe(stages.length);
  const sum = (of: string): number =>
    stages.filter(({ name }) => name.startsWith(of)).reduce((total, { command }) => total + Number(command[1]), 0);
  expect(sum("kills")).toBe(100);
  expect(sum("soak") * 140).toBeGreaterThanOrEqual(3000);
  expect(sum("generator")).toBe(500);
  const healthy = stages
    .filter(({ name }) => name.startsWith("healthy"))
    .map(({ command }) => Number(command[command.indexOf("--healthy") + 1]));
  expect(healthy.reduce((a, b) => a + b)).toBe(20);
});
