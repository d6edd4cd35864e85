// Runs that are killed at any of their steps leave no process, and what else they leave the next run removes: theirs only.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRuntime } from "../../../harness/session/choose-runtime.ts";
import type { RunningServer, Runtime } from "../../../harness/runtime/runtime.ts";
import { sweepFolders } from "../../../harness/runtime/run-folder.ts";
import { inPool } from "../_cli.ts";
import { describeWithEngine, engine } from "../engine.ts";
import { killAt, kindsOf, nameOf, stepsOf } from "../kill/steps.ts";
import type { Killed, Victim } from "../kill/steps.ts";
import { foldersOf, onEngine } from "./_left.ts";
import { fileOf, nodePlan } from "./_plans.ts";

// Whoever else runs Hopwise on this machine sweeps, too: the folders of these runs are out of their sight.
const ordinaryFolder = process.env["TMPDIR"];
const folder = await mkdtemp(join(tmpdir(), "test-killed-"));
beforeAll(() => void (process.env["TMPDIR"] = folder));
afterAll(async () => {
  if (ordinaryFolder === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = ordinaryFolder;
  await rm(folder, { recursive: true });
});

const atOnce = 4;
const opening = (runtime: Runtime["name"]): Victim => ({ args: [fileOf("../kill/fixtures/opens.ts"), runtime, "{marker}"] });

const startLiving = async (runtime: Runtime): Promise<{ server: RunningServer; isFine: () => Promise<boolean> }> => {
  const { port } = await runtime.lab.ask("open-tap", { id: "origin", target: "origin", listen: { host: "", port: 0 } });
  const server = await runtime.start(nodePlan("living"), port);
  const isFine = async (): Promise<boolean> =>
    (await runtime.lab.ask("fetch", { address: server.address, path: "/", withinMs: 2000 })).status === 404;
  return { server, isFine };
};

/** Kills one at each step, to which it has to come. */
const killAtEach = async (runtime: Runtime["name"], steps: readonly string[]): Promise<Killed[]> => {
  const kills = await inPool(atOnce, steps, (step) => killAt(opening(runtime), { step }));
  expect(kills.filter(({ isReached }) => !isReached).map(({ at }) => at)).toEqual([]);
  return kills;
};

const leftOf = async (kills: readonly Killed[], ask: (killed: Killed) => Promise<string[]>): Promise<string[]> =>
  (await Promise.all(kills.map(async (killed) => (await ask(killed)).map((left) => `${nameOf(killed.at)}: ${left}`)))).flat();

describe.runIf(process.platform === "linux")("a killed run in the process runtime", () => {
  it("takes its hops with it at every step, and the next run its folder, and a living run goes on", async () => {
    await using runtime = await openRuntime("process");
    const living = await startLiving(runtime);
    const steps = kindsOf(await stepsOf(opening("process")));
    expect(steps.filter((step) => step.includes("without a guard"))).toEqual([]);
    const kills = await killAtEach("process", steps);
    expect(await leftOf(kills, ({ orphans }) => orphans())).toEqual([]);
    expect(Math.max(...kills.map(({ processes }) => processes))).toBeGreaterThan(10);
    await (await openRuntime("process"))[Symbol.asyncDispose]();
    expect(await leftOf(kills, ({ pid }) => foldersOf(pid))).toEqual([]);
    expect(await foldersOf(process.pid)).toHaveLength(1);
    expect(await living.isFine()).toBe(true);
  });

  it("leaves a folder that only the dead own to be swept, once", async () => {
    const step = (await stepsOf(opening("process"))).find((one) => one.startsWith("mkdir hopwise-")) ?? null;
    const { pid } = await killAt(opening("process"), { step });
    const [left] = await foldersOf(pid);
    const swept = await Promise.all([sweepFolders(), sweepFolders()]);
    expect(swept.flat()).toContain(left);
    expect(await sweepFolders()).not.toContain(left);
    expect(await foldersOf(pid)).toEqual([]);
  });
});

describeWithEngine("a killed run in the container runtime", () => {
  it("leaves at every step what the next run removes, and a living run goes on", async () => {
    await using runtime = await openRuntime("container");
    const living = await startLiving(runtime);
    const before = await onEngine(engine(), process.pid);
    const steps = kindsOf(await stepsOf(opening("container")));
    const kills = await killAtEach("container", steps);
    await (await openRuntime("container"))[Symbol.asyncDispose]();
    expect(await leftOf(kills, ({ pid }) => onEngine(engine(), pid))).toEqual([]);
    expect(await leftOf(kills, ({ orphans }) => orphans())).toEqual([]);
    expect(await onEngine(engine(), process.pid)).toEqual(before);
    expect(await living.isFine()).toBe(true);
  });
});
