import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { TrialTrace } from "../../../harness/check/environment.ts";
import { openTraceFolder } from "../../../harness/commands/trace-folder.ts";
import type { Trace } from "../../../harness/model/trace.ts";
import { savedTrace } from "../../_saved-trace.ts";

const trace: Trace = savedTrace("alter-byte-2-of-4.json");
const seen = (more: Partial<TrialTrace> = {}): TrialTrace => ({
  route: "app.example/events",
  check: "gzip",
  server: "configured-0",
  attempt: 1,
  trace,
  ...more,
});

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hopwise-traces-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("one file per attempt, named by what it is of, with the whole trace", async () => {
  const traces = await openTraceFolder(folder);
  traces.save(seen());
  traces.save(seen({ attempt: 2 }));
  traces.save(seen({ isRepetition: true }));
  traces.save(seen({ server: "configured-3", route: "~ ^/a(b|c)/../$:8080" }));
  await traces.saved();
  const names = (await readdir(folder)).toSorted();
  expect(names).toEqual([
    "0001-configured-0-app.example-events-gzip.json",
    "0002-configured-0-app.example-events-gzip-attempt-2.json",
    "0003-configured-0-app.example-events-gzip-repetition.json",
    "0004-configured-3-a-b-c-..-8080-gzip.json",
  ]);
  for (const name of names) expect(JSON.parse(await readFile(join(folder, name), "utf8"))).toEqual(trace);
});

test("a route of any length has a name that a disk takes", async () => {
  const traces = await openTraceFolder(folder);
  traces.save(seen({ route: "x".repeat(2000) }));
  await traces.saved();
  expect(await readdir(folder)).toHaveLength(1);
});

test("what the folder already has stays, whether it was there before or came meanwhile", async () => {
  await writeFile(join(folder, "0041-other.json"), "before");
  const [one, other] = [await openTraceFolder(folder), await openTraceFolder(folder)];
  for (const traces of [one, other]) for (let count = 0; count < 3; count++) traces.save(seen());
  await Promise.all([one.saved(), other.saved()]);
  const names = (await readdir(folder)).toSorted();
  expect(names).toHaveLength(7);
  expect(names[1]).toMatch(/^0042-/);
  expect(await readFile(join(folder, "0041-other.json"), "utf8")).toBe("before");
});

test("a trace that cannot be written is reported with its file, and the others are kept", async () => {
  const traces = await openTraceFolder(folder);
  traces.save(seen());
  await traces.saved();
  await rm(folder, { recursive: true });
  traces.save(seen());
  await expect(traces.saved()).rejects.toThrow(
    /^A trace cannot be written to ".*0002-configured-0-app\.example-events-gzip\.json": ENOENT/,
  );
});
