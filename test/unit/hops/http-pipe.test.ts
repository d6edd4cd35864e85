import { expect, test } from "vitest";
import httpPipe from "../../../proxies/http-pipe.ts";
import { contentOf, dechunk, isComplete, startHop, startOrigin } from "./_wire.ts";

const pair = async () => {
  const origin = await startOrigin();
  const hop = await startHop(httpPipe, origin.url);
  return { origin, hop, [Symbol.asyncDispose]: async () => (await hop[Symbol.asyncDispose](), await origin[Symbol.asyncDispose]()) };
};

test("the header section passes before the body, and each write on its own", async () => {
  await using chain = await pair();
  const client = chain.hop.ask({ path: "/a?b=1", headers: "X-One: 1\r\nX-One: 2\r\nConnection: X-Drop\r\nX-Drop: 1\r\n" });
  const origin = await chain.origin.asked();
  expect(origin.head).toMatch(/^GET \/a\?b=1 HTTP\/1\.1\r\n/);
  expect(origin.head).toMatch(/X-One: 1\r\nX-One: 2/);
  expect(origin.head).not.toContain("X-Drop");
  origin.start("Content-Type: text/event-stream\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n");
  await client.headers();
  expect(client.head).toMatch(/Set-Cookie: a\r\nSet-Cookie: b/);
  expect(client.rest).toBe("");
  for (const record of ["one", "two", "three"]) {
    origin.chunk(record);
    await client.has(record);
  }
  origin.last();
  await client.until(isComplete);
  expect(contentOf(client)).toBe("onetwothree");
});

test("a connection is used again", async () => {
  await using chain = await pair();
  for (const turn of ["first", "second"]) {
    const client = chain.hop.ask();
    (await chain.origin.asked()).start().chunk(turn).last();
    await client.until(isComplete);
    expect(contentOf(client)).toBe(turn);
  }
  expect(chain.origin.connections.length).toBe(1);
});

test("an idle connection is let go before an upstream would drop it, a silent stream is not", async () => {
  await using chain = await pair();
  const silent = chain.hop.ask();
  const stream = (await chain.origin.asked()).start();
  await silent.headers();
  const client = chain.hop.ask();
  const idle = (await chain.origin.asked()).start().last();
  await client.until(isComplete);
  expect(await idle.left()).toBe("fin");
  stream.chunk("still here").last();
  await silent.until(isComplete);
  expect(contentOf(silent)).toBe("still here");
});

test("interim responses and trailers pass", async () => {
  await using chain = await pair();
  const client = chain.hop.ask();
  const origin = await chain.origin.asked();
  origin.send("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n");
  await client.has("103 Early Hints\r\nLink: </a.css>\r\n\r\n");
  origin.start("Trailer: X-Sum\r\n").chunk("body").last("X-Sum: 7\r\n");
  await client.has("0\r\nX-Sum: 7\r\n\r\n");
});

test.for([
  ["reset", (end: { reset: () => void }) => end.reset()],
  ["fin", (end: { fin: () => void }) => end.fin()],
] as const)("the upstream's %s inside a body reaches the client behind the data, as a reset", async ([, abort]) => {
  await using chain = await pair();
  const client = chain.hop.ask();
  const origin = await chain.origin.asked();
  origin.start().chunk("half");
  await client.has("half");
  origin.chunk("more");
  await client.has("more");
  abort(origin);
  expect(await client.left()).toBe("reset");
  expect(dechunk(client.rest)).toMatchObject({ content: "halfmore", complete: false });
});

test("an upstream that breaks off without a response gives the client none", async () => {
  await using chain = await pair();
  const client = chain.hop.ask();
  (await chain.origin.asked()).reset();
  expect(await client.left()).toBe("reset");
  expect(client.text).toBe("");
});

test.for(["fin", "reset"] as const)("the client's %s reaches a silent upstream at once", async (how) => {
  await using chain = await pair();
  const client = chain.hop.ask();
  const origin = await chain.origin.asked();
  origin.start().chunk("one");
  await client.has("one");
  client[how]();
  await origin.left();
});

test.for(["HEAD", "204", "304"])("%s has no body and no stray bytes", async (what) => {
  await using chain = await pair();
  const client = chain.hop.ask({ method: what === "HEAD" ? "HEAD" : "GET" });
  const origin = await chain.origin.asked();
  const status = what === "HEAD" ? "200 OK" : `${what} X`;
  const length = what === "204" ? "" : "Content-Length: 5\r\n";
  origin.send(`HTTP/1.1 ${status}\r\n${length}\r\n`);
  await client.headers();
  // The next exchange on the same connection proves that nothing stray came between.
  client.send("GET /next HTTP/1.1\r\nHost: test\r\n\r\n");
  await origin.has("GET /next");
  origin.start().chunk("next").last();
  await client.has("next");
  expect(client.rest).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
});

test("a body of known length keeps its length, one delimited by closing its closing", async () => {
  await using chain = await pair();
  const known = chain.hop.ask();
  (await chain.origin.asked()).send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc");
  await known.has("abc");
  expect(known.head).toMatch(/Content-Length: 3\r\n/);
  expect(known.head).not.toMatch(/Transfer-Encoding/i);

  const closing = chain.hop.ask();
  const origin = await chain.origin.asked();
  origin.send("HTTP/1.1 200 OK\r\n\r\nabc");
  await closing.has("\r\n\r\nabc");
  expect(closing.head).not.toMatch(/Transfer-Encoding|Content-Length/i);
  origin.fin();
  expect(await closing.left()).toBe("fin");
});

test("a request's body passes as it comes", async () => {
  await using chain = await pair();
  const client = chain.hop.ask({ method: "POST", headers: "Transfer-Encoding: chunked\r\n" });
  const origin = await chain.origin.asked();
  for (const part of ["alpha", "beta"]) {
    client.chunk(part);
    await origin.has(part);
  }
  client.last();
  await origin.until(isComplete);
  origin.start().last();
  await client.until(isComplete);
});

test("a client that does not read stops the upstream, and gets everything when it reads again", async () => {
  await using chain = await pair();
  const client = chain.hop.ask();
  const origin = await chain.origin.asked();
  origin.start();
  await client.headers();
  client.socket.pause();
  const piece = "x".repeat(1024 * 1024);
  let sent = 0;
  while (origin.socket.writableLength < 4 * piece.length) {
    origin.chunk(piece);
    sent++;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(sent).toBeLessThan(64);
  client.socket.resume();
  origin.last();
  await client.until((end) => end.endsWith("0\r\n\r\n"));
  expect(contentOf(client).length).toBe(sent * piece.length);
});
