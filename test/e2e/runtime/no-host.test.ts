// No container of a run reaches a listener of the engine's machine, not even by its network's own gateway.
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { expect, it } from "vitest";
import { startContainer } from "../../../harness/runtime/engine-start.ts";
import { ensureImage, nodeRecipe } from "../../../harness/runtime/images.ts";
import { labelsOf, makeNetwork } from "../../../harness/runtime/run-network.ts";
import { describeWithEngine, engine } from "../engine.ts";

const connect = `
for (const host of process.argv.slice(1, -1)) {
  const socket = require("node:net").connect({ host, port: Number(process.argv.at(-1)), timeout: 1500 });
  const say = (what) => { console.log(host + " " + what); socket.destroy(); };
  socket.on("connect", () => say("reached")).on("timeout", () => say("timeout")).on("error", (error) => say(error.code));
}
`;

describeWithEngine("a run's network", () => {
  it("has no way to a listener of the machine on all of its addresses", async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, "0.0.0.0");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const network = await makeNetwork(engine(), `nohost${process.pid}`);
    try {
      const image = await ensureImage(engine(), nodeRecipe, () => {});
      const { IPAM } = await engine().docker.getNetwork(network.name).inspect();
      const subnet = IPAM?.Config?.[0]?.["Subnet"] ?? "";
      const first = subnet.replace(/\d+\/\d+$/, "1");
      const bridge = await engine().docker.getNetwork("bridge").inspect();
      const other = bridge.IPAM?.Config?.[0]?.["Gateway"] ?? "172.17.0.1";
      const container = await startContainer(engine(), {
        title: "A guest",
        image,
        entrypoint: ["node", "-e", connect, first, other, String(port)],
        environment: {},
        labels: labelsOf(`nohost${process.pid}`, "hop"),
        network: network.name,
        capabilities: [],
      });
      await container.exited;
      const said = container.lines.last(5).toSorted();
      await container.stop();
      expect(said).toHaveLength(2);
      for (const line of said) expect(line).toMatch(/ (?:timeout|EHOSTUNREACH|ENETUNREACH)$/);
    } finally {
      await network.remove();
      server.close();
    }
  });
});
