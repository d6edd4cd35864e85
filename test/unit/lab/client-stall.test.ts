// A client that stops reading for a while, and the hops that continue to fill their buffers.
import { expect, it } from "vitest";
import { openBench, repeat } from "./_lab.ts";

it("a stall lasts as long as planned after the last read of a hop, and reports its end", async () => {
  await using bench = await openBench();
  const forMs = 200;
  const { connections, clients } = await bench.run({
    recordBytes: repeat(600, 6),
    steps: [{ do: "headers" }, { do: "write", records: 1, everyMs: 0 }, { do: "write", records: 5, everyMs: 100 }, { do: "end" }],
    clients: [{ stall: { records: 1, forMs }, patienceMs: 2000 }],
  });
  const lastReadAt = connections[0]?.response.at.at(-1) ?? Infinity;
  const [client] = clients;
  expect(client?.ended?.how).toBe("complete");
  // A timer may fire a millisecond early.
  expect(client?.readOnAt).toBeGreaterThanOrEqual(lastReadAt + forMs - 1);
  expect(client?.recordsAt.at(-1)).toBeGreaterThanOrEqual(client?.readOnAt ?? Infinity);
});
