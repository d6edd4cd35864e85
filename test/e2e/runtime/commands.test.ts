// A command in a running container: its output may end before the engine knows its exit code.
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Engine } from "../../../harness/runtime/engine.ts";
import type { Container } from "../../../harness/runtime/engine-container.ts";
import { startContainer } from "../../../harness/runtime/engine-start.ts";
import { ensureImage, nodeRecipe } from "../../../harness/runtime/images.ts";
import { labelsOf } from "../../../harness/runtime/run-network.ts";
import { openEngineRelay } from "../_engine-relay.ts";
import type { EngineRelay, Fault } from "../_engine-relay.ts";
import { describeWithEngine, engine } from "../engine.ts";

const saysThenEnds = (exitCode: number): string[] => ["sh", "-c", `echo said; sleep 0.7; exit ${exitCode}`];

describeWithEngine("a command in a container", () => {
  let relay: EngineRelay;
  let container: Container;
  let faults: Record<string, Fault> = {};

  beforeAll(async () => {
    const { docker } = engine();
    const { socketPath = "" } = docker.modem as { socketPath?: string };
    relay = await openEngineRelay(socketPath, ({ call }) => faults[call] ?? null);
    const Client = docker.constructor as new (options: { socketPath: string }) => Engine["docker"];
    container = await startContainer(
      { ...engine(), docker: new Client({ socketPath: relay.address.replace("unix://", "") }) },
      {
        title: "A host",
        image: await ensureImage(engine(), nodeRecipe, () => {}),
        entrypoint: ["sleep", "300"],
        environment: {},
        labels: labelsOf(`commands${process.pid}`, "hop"),
        network: "none",
        capabilities: [],
      },
    );
  });
  afterAll(async () => {
    await container.stop();
    await relay[Symbol.asyncDispose]();
  });

  it("succeeds, however long after its output it ends", async () => {
    faults = { "exec-start": "short" };
    await container.succeed(saysThenEnds(0));
  });

  it("fails with its exit code and what it printed, however long after its output it ends", async () => {
    faults = { "exec-start": "short" };
    await expect(container.succeed(saysThenEnds(3))).rejects.toThrow(/^A host: "sh -c .*" ended with exit code 3: said$/);
  });

  it("has its output returned, also where the engine knows no more of it", async () => {
    faults = { "exec-state": "error" };
    expect(await container.run(saysThenEnds(0))).toBe("said");
    expect(relay.failed.filter(({ call }) => call === "exec-state")).toEqual([]);
  });
});
