// The network of a run is removed, though the engine detaches its containers some time after they are gone.
import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import type { Container } from "../../../harness/runtime/engine-container.ts";
import { startContainer } from "../../../harness/runtime/engine-start.ts";
import { ensureImage, nodeRecipe } from "../../../harness/runtime/images.ts";
import { labelsOf, makeNetwork } from "../../../harness/runtime/run-network.ts";
import { describeWithEngine, engine } from "../engine.ts";

const attachedTo = async (network: string, runId: string): Promise<Container> =>
  startContainer(engine(), {
    title: "A host",
    image: await ensureImage(engine(), nodeRecipe, () => {}),
    entrypoint: ["sleep", "300"],
    environment: {},
    labels: labelsOf(runId),
    network,
    capabilities: [],
  });

describeWithEngine("the network of a run", () => {
  it("is removed once its last container is", async () => {
    const network = await makeNetwork(engine(), "detaching");
    const container = await attachedTo(network.name, "detaching");
    await Promise.all([network.remove(), delay(500).then(container.stop)]);
    await expect(engine().docker.getNetwork(network.name).inspect()).rejects.toThrow(/not found/);
  });

  it("is not, and that is an error, while one is attached", async () => {
    const network = await makeNetwork(engine(), "attached");
    const container = await attachedTo(network.name, "attached");
    await expect(network.remove()).rejects.toThrow(/active endpoints/);
    await container.stop();
    await network.remove();
  });
});
