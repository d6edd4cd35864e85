import { expect, test } from "vitest";
import tcpPipe from "../../../proxies/tcp-pipe.ts";
import { startHop, startOrigin } from "./_wire.ts";

const pair = async () => {
  const origin = await startOrigin();
  const hop = await startHop(tcpPipe, origin.url);
  return { origin, hop, [Symbol.asyncDispose]: async () => (await hop[Symbol.asyncDispose](), await origin[Symbol.asyncDispose]()) };
};

test("bytes pass in both directions as they come", async () => {
  await using chain = await pair();
  const client = chain.hop.ask();
  const origin = await chain.origin.asked();
  for (const word of ["ping", "again"]) {
    origin.send(`${word} down`);
    await client.has(`${word} down`);
    client.send(`${word} up`);
    await origin.has(`${word} up`);
  }
});

test("a half-close passes, and the other direction goes on", async () => {
  await using chain = await pair();
  const client = chain.hop.ask();
  const origin = await chain.origin.asked();
  client.fin();
  expect(await origin.left()).toBe("fin");
  origin.send("still here");
  await client.has("still here");
  origin.fin();
  expect(await client.left()).toBe("fin");
});

test.for(["client", "origin"] as const)("the reset of the %s passes behind its data", async (from) => {
  await using chain = await pair();
  const client = chain.hop.ask();
  const origin = await chain.origin.asked();
  origin.send("hello");
  await client.has("hello");
  const [near, far] = from === "client" ? [client, origin] : [origin, client];
  near.send("last words");
  await far.has("last words");
  near.reset();
  expect(await far.left()).toBe("reset");
});

test("a reset behind data that nobody has read yet comes behind that data", async () => {
  await using chain = await pair();
  const client = chain.hop.ask();
  const origin = await chain.origin.asked();
  origin.socket.write("last words", () => origin.reset());
  expect(await client.left()).toBe("reset");
  expect(client.text).toBe("last words");
});

test("an upstream that refuses resets the client", async () => {
  const origin = await startOrigin();
  await using hop = await startHop(tcpPipe, origin.url);
  await origin[Symbol.asyncDispose]();
  expect(await hop.ask().left()).toBe("reset");
});

test("a client that does not read stops the upstream", async () => {
  await using chain = await pair();
  const client = chain.hop.ask();
  const origin = await chain.origin.asked();
  client.socket.pause();
  const piece = "x".repeat(1024 * 1024);
  let sent = 0;
  while (origin.socket.writableLength < 4 * piece.length) {
    origin.send(piece);
    sent++;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(sent).toBeLessThan(64);
  client.socket.resume();
  origin.fin();
  await client.left();
  expect(client.text.length).toBe(sent * piece.length);
});
