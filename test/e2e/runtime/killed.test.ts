// Runs that are killed at any moment leave nothing that outlives them for long, and what they leave the next run removes: theirs only.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRuntime } from "../../../harness/runtime/choose.ts";
import type { Engine } from "../../../harness/runtime/engine.ts";
import type { RunningServer, Runtime, ServerPlan } from "../../../harness/runtime/runtime.ts";
import { sweepFolders } from "../../../harness/runtime/run-folder.ts";
import { describeWithEngine, engine } from "../engine.ts";
import { foldersOf, onEngine, processesWith, whenEmpty } from "./_left.ts";
import { fileOf, nodePlan } from "./_plans.ts";

const times = 5;

// Whoever else runs Hopwise on this machine sweeps, too: the folders of these runs are out of their sight.
const ordinaryFolder = process.env["TMPDIR"];
const folder = await mkdtemp(join(tmpdir(), "test-killed-"));
beforeAll(() => void (process.env["TMPDIR"] = folder));
afterAll(async () => {
  if (ordinaryFolder === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = ordinaryFolder;
  await rm(folder, { recursive: true });
});

/** Starts the driver and kills it after a random time; answers its process id, and how many of its hops' processes ran at that time. */
const killDriver = async (wish: string, marker: string, beforeMs: number): Promise<{ pid: number; hops: number }> => {
  const driver = spawn(process.execPath, [fileOf("./fixtures/driver.ts"), wish, marker], { stdio: ["ignore", "pipe", "inherit"] });
  const gone = once(driver, "exit");
  await once(driver.stdout, "data");
  await delay(Math.random() * beforeMs);
  const { length } = await processesWith(marker);
  driver.kill("SIGKILL");
  await gone;
  return { pid: driver.pid ?? 0, hops: length - 1 };
};

const startLiving = async (runtime: Runtime): Promise<{ server: RunningServer; isFine: () => Promise<boolean> }> => {
  const { port } = await runtime.lab.ask("open-tap", { id: "origin", target: "origin", listen: { host: "", port: 0 } });
  const server = await runtime.start(nodePlan("living") satisfies ServerPlan, port);
  const isFine = async (): Promise<boolean> =>
    (await runtime.lab.ask("fetch", { address: server.address, path: "/", withinMs: 2000 })).status === 404;
  return { server, isFine };
};

describe("a killed run in the process runtime", () => {
  it("takes its hops with it, and the next run its folder, and a living run goes on", async () => {
    await using runtime = await openRuntime("process");
    const living = await startLiving(runtime);
    let most = 0;
    for (let time = 0; time < times; time += 1) {
      const marker = `hopwise-killed-${process.pid}-${time}`;
      const { pid, hops } = await killDriver("process", marker, 1500);
      most = Math.max(most, hops);
      expect(await whenEmpty(() => processesWith(marker), 4000)).toEqual([]);
      expect(await foldersOf(pid)).toHaveLength(1);
      await (await openRuntime("process"))[Symbol.asyncDispose]();
      expect(await foldersOf(pid)).toEqual([]);
      expect(await foldersOf(process.pid)).toHaveLength(1);
      expect(await living.isFine()).toBe(true);
    }
    expect(most).toBeGreaterThan(0);
  });

  it("leaves a folder that only the dead own to be swept, once", async () => {
    const { pid } = await killDriver("process", `hopwise-killed-${process.pid}-once`, 300);
    const [left] = await foldersOf(pid);
    const swept = await Promise.all([sweepFolders(), sweepFolders()]);
    expect(swept.flat()).toContain(left);
    expect(await sweepFolders()).not.toContain(left);
  });
});

describeWithEngine("a killed run in the container runtime", () => {
  it("leaves what the next run removes, and a living run goes on", async () => {
    const { sweepEngine } = await import("../../../harness/runtime/run-network.ts");
    await using runtime = await openRuntime("container");
    const living = await startLiving(runtime);
    const before = await onEngine(engine as Engine, process.pid);
    for (let time = 0; time < times; time += 1) {
      const { pid } = await killDriver("container", `hopwise-killed-${process.pid}-${time}`, 2000);
      // Under load the engine may still be creating what it was asked for when the first sweep is over.
      const sweepAndLook = async (): Promise<string[]> => {
        await sweepEngine(engine as Engine);
        return onEngine(engine as Engine, pid);
      };
      expect(await whenEmpty(sweepAndLook, 5000)).toEqual([]);
      expect(await onEngine(engine as Engine, process.pid)).toEqual(before);
      expect(await living.isFine()).toBe(true);
    }
  });

  it("sweeps when it opens, too, and a run that is killed while it opens", async () => {
    const driver = spawn(process.execPath, [fileOf("./fixtures/driver.ts"), "container", "early"], { stdio: "ignore" });
    await delay(500 + Math.random() * 1000);
    driver.kill("SIGKILL");
    await once(driver, "exit");
    // What the engine was still asked to start when the run was killed comes a moment later.
    await delay(1000);
    await (await openRuntime("container"))[Symbol.asyncDispose]();
    expect(await onEngine(engine as Engine, driver.pid ?? 0)).toEqual([]);
  });
});
