import { Resolver } from "node:dns/promises";
import { createSocket } from "node:dgram";
import fc from "fast-check";
import { expect, test } from "vitest";
import { answerTo, openNames } from "../../../harness/lab/names.ts";

const freePort = async (): Promise<number> => {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
};

test("answers for its names, in upper and lower case, and for no others", async () => {
  const port = await freePort();
  const server = await openNames({ host: "127.0.0.1", port }, ["web", "api.internal."], "172.30.128.1");
  const resolver = new Resolver({ timeout: 2000, tries: 1 });
  resolver.setServers([`127.0.0.1:${port}`]);
  expect(await resolver.resolve4("web")).toEqual(["172.30.128.1"]);
  expect(await resolver.resolve4("API.internal")).toEqual(["172.30.128.1"]);
  await expect(resolver.resolve6("web")).rejects.toMatchObject({ code: "ENODATA" });
  await expect(resolver.resolve4("elsewhere")).rejects.toMatchObject({ code: "ENOTFOUND" });
  server.close();
});

test("a name has its own address if it is given one, else the common one", async () => {
  const port = await freePort();
  const server = await openNames({ host: "127.0.0.1", port }, ["web", "constructor"], "172.30.128.1", { web: "172.30.128.2" });
  const resolver = new Resolver({ timeout: 2000, tries: 1 });
  resolver.setServers([`127.0.0.1:${port}`]);
  expect(await resolver.resolve4("web")).toEqual(["172.30.128.2"]);
  expect(await resolver.resolve4("constructor")).toEqual(["172.30.128.1"]);
  server.close();
});

test("no bytes make it throw, and only queries are answered", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      const answer = answerTo(Buffer.from(bytes), new Map([["web", "10.0.0.1"]]));
      if (answer) expect(answer.readUInt16BE(2) & 0x80_00).toBe(0x80_00);
    }),
  );
});
