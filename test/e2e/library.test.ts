// The library, as a program without types uses it: wrong arguments, an abort, where a command runs.
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { AuthorError, runScenario } from "../../harness/index.ts";
import type { RunScenarioOptions, Scenario } from "../../harness/index.ts";
import type { RuntimeChoice } from "../../harness/session/choose-runtime.ts";
import { suite } from "../../harness/vitest.ts";
import type { SuiteOptions } from "../../harness/vitest.ts";
import { leftOf, watchTree } from "./_tree.ts";
import { describeWithEngine, engine } from "./engine.ts";

const through = (hop: Scenario["chain"][1]): Scenario => ({
  title: "HEAD, 204 and 304 pass",
  chain: [{ app: "sse" }, hop],
  trial: { kind: "bodyless" },
  must: { end: "complete" },
});

const halfAMinute: Scenario = {
  title: "Half a minute of silence is survived",
  chain: [{ app: "sse" }, "http-pipe"],
  trial: { kind: "silence", silentMs: 30_000 },
  must: { surviveSilenceMs: 30_000 },
};

/** Aborts in mid-trial, and returns how long the run took to end after that, and what is left of it. */
const aborted = async (runtime: "process" | "container"): Promise<{ reason: unknown; tookMs: number; seen: number; left: string[] }> => {
  const abort = new AbortController();
  using tree = watchTree(process.pid);
  const running = runScenario(halfAMinute, { runtime, signal: abort.signal }).then(
    () => "it ended by itself",
    (reason: unknown) => reason,
  );
  await delay(runtime === "process" ? 2000 : 6000);
  await tree.look();
  const abortedAt = performance.now();
  abort.abort(new Error("enough"));
  const reason = await running;
  const tookMs = performance.now() - abortedAt;
  return { reason, tookMs, seen: tree.size, left: await leftOf(process.pid, tree, runtime === "container" ? engine() : null) };
};

describe("a signal", () => {
  it("in mid-trial ends the run with its reason, and nothing is left", async () => {
    const { reason, tookMs, seen, left } = await aborted("process");
    expect(reason).toEqual(new Error("enough"));
    // One second of grace and the taking down; the silence would have gone on for many more.
    expect(tookMs).toBeLessThan(10_000);
    expect(seen).toBeGreaterThan(1);
    expect(left).toEqual([]);
  });

  it("that was there before starts nothing", async () => {
    await expect(runScenario(halfAMinute, { runtime: "process", signal: AbortSignal.abort("no") })).rejects.toBe("no");
  });
});

describeWithEngine("a signal, in containers", () => {
  it("in mid-trial ends the run with its reason, and nothing is left", async () => {
    const { reason, tookMs, left } = await aborted("container");
    expect(reason).toEqual(new Error("enough"));
    expect(tookMs).toBeLessThan(20_000);
    expect(left).toEqual([]);
  });
});

describe("options", () => {
  it.each<[what: string, options: object, sentence: string | RegExp]>([
    [
      "a runtime",
      { runtime: "proces" },
      'The options of runScenario: runtime is "proces"; did you mean "process"? (valid are auto, container, process)',
    ],
    [
      "a name",
      { runtme: "process" },
      /^The options of runScenario: the object has the unknown property "runtme"; did you mean "runtime"\?/,
    ],
    ["a folder that is not there", { servers: ["no-folder"] }, `The folder "no-folder" (kind: server) does not exist in ${process.cwd()}`],
    ["a folder that is a file", { middlewares: ["package.json"] }, 'The folder "package.json" (kind: middleware) is a file'],
    ["a folder in place of a list", { servers: "no-folder" }, 'The options of runScenario: servers is "no-folder", but must be array'],
  ])("that are wrong are refused: %s", async (_, options, sentence) => {
    const error = await runScenario(through("http-pipe"), { runtime: "process", ...options }).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(AuthorError);
    expect((error as Error).message).toMatch(sentence);
  });

  it("that are left undefined are none", async () => {
    const options = { runtime: "process", servers: undefined, id: undefined } as unknown as RunScenarioOptions;
    expect(await runScenario(through("http-pipe"), options)).toMatchObject({ outcome: "pass", id: "scenario" });
  });
});

it("a suite refuses options as a scenario does", () => {
  expect(() => suite("streams", { runtime: "proces" as RuntimeChoice })).toThrow(
    /^The options of suite: runtime is "proces"; did you mean "process"/,
  );
  expect(() => suite("streams", { signal: AbortSignal.abort() } as SuiteOptions)).toThrow(/the object has the unknown property "signal"/);
});

it("a command runs on this machine, where an engine answers too", async () => {
  const command = `command:${process.execPath} ${import.meta.dirname}/strangers/straight-http.mjs`;
  expect(await runScenario(through(command))).toMatchObject({ outcome: "pass" });
});
