// A hop that could not send to an encrypted client: the client's recording of it, and its effect on the judge.
import { createSecureServer, createServer as createHttp2 } from "node:http2";
import { createServer as createHttps } from "node:https";
import type { ServerResponse } from "node:http";
import type { AddressInfo, Server } from "node:net";
import { afterEach, expect, it } from "vitest";
import { decodeCase } from "../../../harness/decode/exchanges.ts";
import { openLab } from "../../../harness/lab/lab.ts";
import { pem } from "./_certificate.ts";
import { openHttp2Hop } from "./_http2-hop.ts";
import { anyPort, caseOf, newToken, openBench, repeat } from "./_lab.ts";

const toClose: AsyncDisposable[] = [];
afterEach(async () => {
  for (const thing of toClose.splice(0).toReversed()) await thing[Symbol.asyncDispose]();
});

const megabyte = 1024 * 1024;
type Answer = (response: Pick<ServerResponse, "writeHead" | "end">) => void;

const servers = {
  "h1-tls": (answer: Answer): Server => createHttps({ key: pem, cert: pem }, (_, response) => answer(response)),
  h2: (answer: Answer): Server =>
    createSecureServer({ key: pem, cert: pem }, (_, response) => answer(response as unknown as Pick<ServerResponse, "writeHead" | "end">)),
  h2c: (answer: Answer): Server => createHttp2((_, response) => answer(response as unknown as Pick<ServerResponse, "writeHead" | "end">)),
};
type Tested = keyof typeof servers;

/** A client of a server that sends this many bytes immediately, with a tap between them. */
const reading = async (protocol: Tested, bytes: number, readBytesPerSecond: number | null) => {
  const server = servers[protocol]((response) => {
    response.writeHead(200);
    response.end(Buffer.alloc(bytes, "x"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const lab = await openLab();
  toClose.push(lab, { [Symbol.asyncDispose]: async () => void server.close() });
  const { port } = server.address() as AddressInfo;
  await lab.do("open-tap", { id: "a", target: { host: "127.0.0.1", port }, listen: anyPort });
  const trialCase = caseOf({ steps: [], recordBytes: [bytes], clients: [{ protocol, readBytesPerSecond, patienceMs: 10_000 }] });
  const { connections, clients } = await lab.do("run-case", { case: trialCase, token: newToken(), taps: ["a"] });
  return { own: connections.find(({ connection }) => connection === 0), client: clients[0] };
};

it.each<[protocol: Tested, bytes: number, bytesPerSecond: number]>([
  ["h2", 400_000, 300_000],
  ["h2c", 400_000, 300_000],
  // The kernel and the tap take this much, before anything is held up.
  ["h1-tls", 16 * megabyte, 24 * megabyte],
])("a client that reads slowly over %s was blocked for a good part of the time", async (protocol, bytes, bytesPerSecond) => {
  const { own, client } = await reading(protocol, bytes, bytesPerSecond);
  expect(client?.ended?.how).toBe("complete");
  const first = own?.response.at[0] ?? 0;
  const last = own?.response.at.at(-1) ?? 0;
  expect(last - first).toBeGreaterThan((800 * bytes) / bytesPerSecond);
  const blocked = own?.blocked ?? [];
  expect(blocked.length).toBeGreaterThan(0);
  const blockedMs = blocked.reduce((sum, [from, to]) => sum + to - from, 0);
  expect(blockedMs).toBeGreaterThan(0.2 * (last - first));
  expect(blockedMs).toBeLessThanOrEqual(last - first + 50);
  for (const [index, [from, to]] of blocked.entries()) {
    expect(to).toBeGreaterThanOrEqual(from);
    expect(from).toBeGreaterThan(blocked[index - 1]?.[1] ?? own?.connectedAt ?? Infinity);
  }
});

it.each([1000, 3 * megabyte])("a client that reads %d bytes over HTTP/2 immediately was never blocked", async (bytes) => {
  const { own, client } = await reading("h2", bytes, null);
  expect([client?.ended?.how, client?.recordsAt.length]).toEqual(["complete", 1]);
  expect(own?.blocked).toEqual([]);
});

it("records of 1 MiB through a hop arrive in the trace immediately, and nothing was blocked", async () => {
  const bench = await openBench([
    async (upstream) => {
      const hop = await openHttp2Hop(upstream, "drops-the-upstream");
      toClose.push(hop);
      return hop.address;
    },
  ]);
  toClose.push(bench);
  const trialCase = caseOf({
    steps: [{ do: "headers" }, { do: "write", records: 6, everyMs: 30 }, { do: "end" }],
    recordBytes: repeat(megabyte, 6),
    clients: [{ protocol: "h2", patienceMs: 5000 }],
  });
  const token = newToken();
  const recording = await bench.lab.do("run-case", { case: trialCase, token, taps: bench.taps });
  const trace = await decodeCase(trialCase, token, recording, [], { linkOfTap: (tap) => tap, linkOfProbe: () => -1 });
  const atClient = trace.exchanges.find(({ link }) => link === 1);
  expect(atClient).toMatchObject({ fidelity: { kind: "intact" }, end: { kind: "last-chunk" }, blocked: [] });
  expect(atClient?.records.filter((at) => at !== null)).toHaveLength(6);
});
