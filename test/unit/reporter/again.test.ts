// `npm test` runs again, alone, what failed beside others: on suites made for it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packageRoot } from "../../../harness/catalog/package-root.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hopwise-mood-"));
});
afterAll(() => rm(folder, { recursive: true }));

const runTests = async (mood: string, ...files: string[]) => {
  const env = {
    PATH: process.env["PATH"],
    HOME: process.env["HOME"],
    NO_COLOR: "1",
    MOOD: join(folder, mood),
    HOPWISE_TEST_FILES_AT_A_TIME: "2",
  };
  const script = join(packageRoot, "scripts/test.ts");
  const child = spawn(process.execPath, [script, ...files], { cwd: join(import.meta.dirname, "fixtures"), env });
  const closed = once(child, "close") as Promise<[number | null]>;
  const [out, said, [code]] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { code, counts: out.match(/^tests: .*$/gmu), said };
};

test("a file that fails once passes, and is named", async () => {
  const { code, counts, said } = await runTests("once", "moody", "reasons");
  expect(counts).toEqual(["tests: 2 passed, 1 failed, 5 skipped", "tests: 1 passed, 0 failed, 0 skipped"]);
  expect(said).toContain("passed only when run alone, which is a fault to look for: moody.fixture.ts");
  expect(code).toBe(0);
});

test("a file that fails twice fails, and what passed does not run again", async () => {
  const { code, counts } = await runTests("twice", "broken", "moody", "reasons");
  expect(counts).toEqual(["tests: 3 passed, 3 failed, 7 skipped", "tests: 2 passed, 2 failed, 2 skipped"]);
  expect(code).toBe(1);
});

test("a skip without a reason and an error of no test are not tried again", async () => {
  expect((await runTests("none", "without", "moody")).counts).toHaveLength(1);
  expect((await runTests("neither", "stray", "moody")).counts).toHaveLength(1);
});

test("with a limit of time every file runs that is begun in time, and what failed runs again", async () => {
  const { code, counts, said } = await runTests("within", "--within", "5", "moody", "reasons");
  expect(counts).toHaveLength(3);
  expect(counts?.at(-1)).toBe("tests: 1 passed, 0 failed, 0 skipped");
  expect(said).toContain("passed only when run alone, which is a fault to look for: moody.fixture.ts");
  expect(said).not.toContain("were not run");
  expect(code).toBe(0);
});

test("what is not begun in time is named, and is no failure", async () => {
  const { code, counts, said } = await runTests("late", "--within", "0", "moody", "reasons");
  expect(counts).toBeNull();
  expect(said).toMatch(/0 minutes are over: 2 files were not run: (moody|reasons)\.fixture\.ts, (moody|reasons)\.fixture\.ts/);
  expect(code).toBe(0);
});

test("what would fail alone, too, is not forgotten for what passes alone", async () => {
  const { code, said } = await runTests("both", "--within", "5", "moody", "without");
  expect(said).not.toContain("passed only when run alone");
  expect(code).toBe(1);
});
