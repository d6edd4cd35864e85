// The last lines of a test run, as Vitest prints them of suites made for it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "vitest";
import { packageRoot } from "../../../harness/catalog/package-root.ts";

const runVitest = async (...args: string[]): Promise<{ code: number | null; last: string[] }> => {
  const vitest = join(packageRoot, "node_modules/vitest/vitest.mjs");
  const config = join(import.meta.dirname, "fixtures/vitest.config.ts");
  // A Vitest of its own, that does not believe to run inside another.
  const env = { PATH: process.env["PATH"], HOME: process.env["HOME"], NO_COLOR: "1" };
  const child = spawn(process.execPath, [vitest, "run", "--config", config, ...args], { env, stdio: ["ignore", "pipe", "ignore"] });
  const closed = once(child, "close") as Promise<[number | null]>;
  const [out, [code]] = await Promise.all([text(child.stdout), closed]);
  const lines = out.trimEnd().split("\n");
  return { code, last: lines.slice(lines.lastIndexOf("") + 1) };
};

const noReason = "skipped without a reason: without.fixture.ts > a suite > is skipped for no reason";

test.concurrent.for<[args: string, code: number, last: string[]]>([
  ["reasons", 0, ["4 skipped: there is no moon", "1 skipped: it is day", "tests: 2 passed, 0 failed, 5 skipped"]],
  ["without", 1, [noReason, "tests: 1 passed, 1 failed, 0 skipped"]],
  [
    "without -t passes",
    0,
    ["1 skipped: not asked for by this command line, or after it was given up", "tests: 1 passed, 0 failed, 1 skipped"],
  ],
  ["broken", 1, ["2 skipped: a hook, or the file itself, failed before them", "tests: 1 passed, 2 failed, 2 skipped"]],
  ["unreadable", 1, ["tests: 0 passed, 1 failed, 0 skipped"]],
  ["stray", 1, ["tests: 1 passed, 1 failed, 0 skipped"]],
])("vitest run %s", async ([args, code, last], { expect }) => {
  expect(await runVitest(...args.split(" "))).toEqual({ code, last });
});
