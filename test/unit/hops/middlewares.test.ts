import { STATUS_CODES } from "node:http";
import type { RequestListener, ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import type { MiddlewareDefinition, Options } from "../../../harness/define.ts";
import { compose } from "../../../harness/host/compose.ts";
import { createProbeStore } from "../../../harness/host/probe-store.ts";
import cache from "../../../middlewares/cache.ts";
import compression from "../../../middlewares/compression.ts";
import gzip from "../../../middlewares/gzip.ts";
import timeout from "../../../middlewares/timeout.ts";
import { contentOf, inflated, isComplete, startHttp } from "./_wire.ts";

const serve = async (middleware: MiddlewareDefinition, variant: string, handler: RequestListener, more: Options = {}) => {
  const options = { ...middleware.variants[variant]?.options, ...more };
  return startHttp(compose(handler, [middleware.create(options)], "hop", createProbeStore()));
};

/** A handler whose responses the test writes. */
const held = () => {
  const responses: ServerResponse[] = [];
  const wake: (() => void)[] = [];
  const handler: RequestListener = (_request, response) => {
    responses.push(response);
    wake.splice(0).forEach((each) => each());
  };
  const asked = async (count: number): Promise<ServerResponse> => {
    while (responses.length < count) await new Promise<void>((resolve) => wake.push(resolve));
    return responses[count - 1]!;
  };
  return { handler, asked, responses };
};

const accepting = (coding: string) => ({ headers: `Accept-Encoding: ${coding}\r\n` });

describe.concurrent("gzip", () => {
  test.for<[string, boolean]>([
    ["gzip", true],
    ["br, gzip;q=0.5", true],
    ["*", true],
    ["gzip;q=0", false],
    ["gzip;q=0, *", false],
    ["identity;q=1, gzip;q=0.5", false],
    ["br", false],
  ])("Accept-Encoding: %s → %s", async ([coding, coded]) => {
    await using server = await serve(gzip, "default", (_request, response) => void response.end("text"));
    const client = server.ask(accepting(coding));
    await client.headers();
    expect(client.head).toMatch(/Vary: Accept-Encoding/);
    expect(/Content-Encoding: gzip/.test(client.head)).toBe(coded);
    if (coded) {
      await client.until(isComplete);
      expect(await inflated(contentOf(client))).toBe("text");
    } else {
      await client.has("\r\n\r\ntext");
      expect(client.head).toMatch(/Content-Length: 4/);
    }
  });

  test.for<[string, RequestListener]>([
    ["coded already", (_request, response) => void response.writeHead(200, { "Content-Encoding": "br" }).end("text")],
    ["no-transform", (_request, response) => void response.writeHead(200, ["Cache-Control", "public, no-transform"]).end("text")],
    ["a part", (_request, response) => void response.writeHead(206, { "Content-Range": "bytes 0-3/9" }).end("text")],
    ["204", (_request, response) => void response.writeHead(204).end()],
    ["304", (_request, response) => void response.writeHead(304).end()],
  ])("leaves alone: %s", async ([, handler]) => {
    await using server = await serve(gzip, "default", handler);
    const client = server.ask({ headers: "Accept-Encoding: gzip\r\nConnection: close\r\n" });
    await client.left();
    expect(client.head).not.toContain("gzip");
    expect(client.rest).toMatch(/^$|text/);
  });

  test("leaves HEAD alone", async () => {
    await using server = await serve(gzip, "default", (_request, response) => void response.writeHead(200, { "Content-Length": 4 }).end());
    const client = server.ask({ method: "HEAD", ...accepting("gzip") });
    await client.headers();
    expect(client.head).toMatch(/Content-Length: 4/);
    expect(client.head).not.toContain("gzip");
  });

  test("removes the length, weakens the validator, keeps status and message", async () => {
    const handler: RequestListener = (_request, response) => void response.writeHead(404, "Gone fishing", { "Content-Length": 4, ETag: '"x"' }).end("text");
    await using server = await serve(gzip, "default", handler);
    const client = server.ask(accepting("gzip"));
    await client.until(isComplete);
    expect(client.head).toMatch(/^HTTP\/1.1 404 Gone fishing\r\n/);
    expect(client.head).toMatch(/ETag: W\/"x"/);
    expect(client.head).not.toContain("Content-Length");
  });

  test("sends a flushed header section before the body", async () => {
    const { handler, asked } = held();
    await using server = await serve(gzip, "default", handler);
    const client = server.ask(accepting("gzip"));
    (await asked(1)).flushHeaders();
    await client.headers();
    expect(client.head).toContain("Content-Encoding: gzip");
  });

  test("with flush: every write can be read at once", async () => {
    const { handler, asked } = held();
    await using server = await serve(gzip, "flush", handler);
    const client = server.ask(accepting("gzip"));
    const response = await asked(1);
    const { createGunzip } = await import("node:zlib");
    const decoder = createGunzip();
    let text = "";
    let taken = 0;
    decoder.on("data", (piece: Buffer) => (text += piece.toString()));
    for (const record of ["one", "two", "three"]) {
      response.write(record);
      await client.until(() => {
        const content = client.text.includes("\r\n\r\n") ? contentOf(client) : "";
        decoder.write(Buffer.from(content.slice(taken), "latin1"));
        taken = content.length;
        return content.length > 0;
      });
      while (!text.endsWith(record)) {
        await new Promise((resolve) => setImmediate(resolve));
        const content = contentOf(client);
        if (content.length > taken) decoder.write(Buffer.from(content.slice(taken), "latin1"));
        taken = content.length;
      }
    }
    response.end();
    await client.until(isComplete);
  });

  test("a client that does not read stops the handler, and gets everything later", async () => {
    const { randomBytes } = await import("node:crypto");
    const piece = randomBytes(1024 * 1024);
    const { handler, asked } = held();
    await using server = await serve(gzip, "default", handler);
    const client = server.ask(accepting("gzip"));
    client.socket.pause();
    const response = await asked(1);
    // `drain` may come while the encoder or the socket still has room: full is when it stays away.
    let written = 0;
    const fill = (): void => {
      while (written < 12) {
        written++;
        if (!response.write(piece)) return void response.once("drain", fill);
      }
      response.end();
    };
    fill();
    const { promise: pausing, resolve } = Promise.withResolvers<void>();
    setTimeout(resolve, 300);
    await pausing;
    expect(written).toBeLessThan(12);
    client.socket.resume();
    await client.until((end) => end.endsWith("0\r\n\r\n"));
    expect((await inflated(contentOf(client))).length).toBe(12 * piece.length);
  });
});

describe.concurrent("compression", () => {
  const text = "words, words, words. ".repeat(100);
  test("holds what nobody flushes", async () => {
    const { handler, asked } = held();
    await using server = await serve(compression, "default", handler);
    const client = server.ask(accepting("gzip"));
    (await asked(1)).setHeader("Content-Type", "text/plain").write(text);
    await client.headers();
    expect(client.head).toContain("Content-Encoding: gzip");
    const other = server.ask();
    (await asked(2)).end("another exchange");
    await other.has("another exchange");
    expect(contentOf(client).length).toBeLessThanOrEqual(10);
    (await asked(1)).end();
    await client.until(isComplete);
    expect(await inflated(contentOf(client))).toBe(text);
  });

  test("with flush: passes each write on", async () => {
    const { handler, asked } = held();
    await using server = await serve(compression, "flush", handler);
    const client = server.ask(accepting("gzip"));
    const response = await asked(1);
    response.setHeader("Content-Type", "text/plain");
    for (const size of [11, 12]) {
      response.write(text);
      await client.until((end) => end.text.includes("\r\n\r\n") && contentOf(end).length > size);
    }
  });
});

describe.concurrent("cache", () => {
  const once = async (server: Awaited<ReturnType<typeof serve>>, { responses, asked }: ReturnType<typeof held>, headers: Record<string, string>, path = "/") => {
    const client = server.ask({ path });
    const before = responses.length;
    const response = await Promise.race([asked(before + 1), client.until(isComplete)]);
    if ("writeHead" in response) response.writeHead(200, headers).end(`answer ${before + 1}`);
    await client.until((end) => /answer \d/.test(end.rest));
    return { text: client.rest.match(/answer \d/)?.[0], age: client.head.match(/Age: (\d+)/i)?.[1] };
  };

  test.for<[string, string, Record<string, string>, boolean]>([
    ["default", "says nothing", {}, true],
    ["default", "max-age", { "Cache-Control": "max-age=60" }, true],
    ["default", "public", { "Cache-Control": "public" }, true],
    ["default", "no-store", { "Cache-Control": "no-store" }, false],
    ["default", "no-cache", { "Cache-Control": "no-cache" }, false],
    ["default", "private", { "Cache-Control": "private" }, false],
    ["default", "max-age=0", { "Cache-Control": "max-age=0" }, false],
    ["default", "Vary: *", { Vary: "*" }, false],
    ["ignores-no-store", "no-store", { "Cache-Control": "no-store" }, true],
    ["collapses", "says nothing", {}, true],
    ["collapses", "no-store", { "Cache-Control": "no-store" }, false],
  ])("%s: a response that says %o is used again: %s", async ([variant, , headers, again]) => {
    const origin = held();
    await using server = await serve(cache, variant, origin.handler);
    expect(await once(server, origin, headers)).toEqual({ text: "answer 1", age: undefined });
    expect(await once(server, origin, headers)).toEqual(again ? { text: "answer 1", age: "0" } : { text: "answer 2", age: undefined });
    expect((await once(server, origin, headers, "/other")).text).toBe(again ? "answer 2" : "answer 3");
  });

  test("without a time of its own, only what says how long it is fresh", async () => {
    const origin = held();
    await using server = await serve(cache, "default", origin.handler, { ttlSeconds: 0 });
    await once(server, origin, {});
    expect((await once(server, origin, {})).text).toBe("answer 2");
    const old = { "Last-Modified": new Date(Date.now() - 1e8).toUTCString() };
    await once(server, origin, old, "/old");
    expect((await once(server, origin, old, "/old")).age).toBe("0");
  });

  test("Vary keeps variants apart", async () => {
    const origin = held();
    await using server = await serve(cache, "default", origin.handler);
    const get = async (language: string): Promise<string> => {
      const client = server.ask({ headers: `Accept-Language: ${language}\r\n` });
      await Promise.race([client.has("answer"), origin.asked(origin.responses.length + 1)]);
      const response = origin.responses.at(-1);
      if (response && !response.writableEnded) response.writeHead(200, { Vary: "Accept-Language" }).end(`answer in ${language}`);
      await client.has("answer in ");
      return client.rest;
    };
    expect(await get("de")).toContain("answer in de");
    expect(await get("en")).toContain("answer in en");
    expect(await get("de")).toContain("answer in de");
    expect(origin.responses.length).toBe(2);
  });

  test("a miss passes as it comes; a response that breaks off is not stored", async () => {
    const origin = held();
    await using server = await serve(cache, "default", origin.handler);
    const client = server.ask();
    const response = await origin.asked(1);
    response.flushHeaders();
    await client.headers();
    for (const record of ["one", "two"]) {
      response.write(record);
      await client.has(record);
    }
    response.destroy();
    await client.left();
    server.ask();
    await origin.asked(2);
  });

  test("default: two requests at a time are two requests", async () => {
    const origin = held();
    await using server = await serve(cache, "default", origin.handler);
    server.ask();
    (await origin.asked(1)).write("one");
    server.ask();
    await origin.asked(2);
  });

  test("collapses: a late joiner gets the past at once, then live, and the end", async () => {
    const origin = held();
    await using server = await serve(cache, "collapses", origin.handler);
    const first = server.ask();
    const response = await origin.asked(1);
    response.write("one");
    await first.has("one");
    const late = server.ask();
    await late.has("one");
    response.write("two");
    await Promise.all([first.has("two"), late.has("two")]);
    response.end();
    await Promise.all([first.until(isComplete), late.until(isComplete)]);
    expect(contentOf(late)).toBe("onetwo");
    const third = server.ask();
    await third.until(isComplete);
    expect(contentOf(third)).toBe("onetwo");
    expect(origin.responses.length).toBe(1);
  });

  test("collapses: who comes before the header section waits for it, and goes on alone if it says no-store", async () => {
    const origin = held();
    await using server = await serve(cache, "collapses", origin.handler);
    const clients = [server.ask(), server.ask()];
    (await origin.asked(1)).setHeader("Cache-Control", "no-store").write("one");
    (await origin.asked(2)).end("two");
    await Promise.race(clients.map((client) => client.has("one")));
    await Promise.race(clients.map((client) => client.has("two")));
  });

  test("collapses: what breaks off breaks off for all", async () => {
    const origin = held();
    await using server = await serve(cache, "collapses", origin.handler);
    const first = server.ask();
    const response = await origin.asked(1);
    response.write("one");
    await first.has("one");
    const late = server.ask();
    await late.has("one");
    response.destroy();
    await first.left();
    expect(await late.left()).toBe("reset");
    expect(isComplete(late)).toBe(false);
  });
});

describe.concurrent("timeout", () => {
  const quick = { ms: 150 };

  test.for(["default", "idle", "total", "first-byte"])("%s: 504 when nothing has come", async (variant) => {
    const { handler, asked } = held();
    await using server = await serve(timeout, variant, handler, quick);
    const at = performance.now();
    const client = server.ask();
    const response = await asked(1);
    response.setHeader("Content-Encoding", "gzip");
    await client.has("No byte within");
    expect(client.head).toMatch(/^HTTP\/1.1 504 Gateway Timeout\r\n/);
    expect(client.head).not.toContain("gzip");
    expect(performance.now() - at).toBeGreaterThan(145);
    // The handler that comes too late is not heard, and does not fail.
    response.setHeader("X-Late", "1");
    response.writeHead(200);
    response.write("late");
    response.end("later");
    client.send("GET /next HTTP/1.1\r\nHost: test\r\n\r\n");
    (await asked(2)).end("next");
    await client.has("next");
    expect(client.text).not.toContain("late");
  });

  test.for<[string, boolean]>([
    ["idle", true],
    ["total", true],
    ["first-byte", false],
  ])("%s: silence inside a body is cut: %s", async ([variant, cut]) => {
    const { handler, asked } = held();
    await using server = await serve(timeout, variant, handler, quick);
    const client = server.ask();
    const response = await asked(1);
    response.write("one");
    await client.has("one");
    if (cut) {
      expect(await client.left()).toBe("reset");
      expect(isComplete(client)).toBe(false);
    } else {
      await new Promise((resolve) => setTimeout(resolve, 2 * quick.ms));
      response.end();
      await client.until(isComplete);
    }
  });

  test.for<[string, boolean]>([
    ["idle", false],
    ["total", true],
    ["first-byte", false],
  ])("%s: a body with heartbeats is cut: %s", async ([variant, cut]) => {
    const { handler, asked } = held();
    await using server = await serve(timeout, variant, handler, quick);
    const client = server.ask();
    const response = await asked(1);
    response.flushHeaders();
    let beats = 0;
    const beat = setInterval(() => (++beats === 9 ? response.end() : response.write("beat")), quick.ms / 3);
    if (cut) expect(await client.left()).toBe("reset");
    else await client.until(isComplete);
    clearInterval(beat);
  });
});

test("every middleware leaves every status without a body alone", async () => {
  for (const middleware of [gzip, compression, cache, timeout]) {
    for (const variant of Object.keys(middleware.variants)) {
      await using server = await serve(middleware, variant, (_request, response) => void response.writeHead(204, STATUS_CODES[204]).end());
      const client = server.ask(accepting("gzip"));
      await client.headers();
      client.send("GET /next HTTP/1.1\r\nHost: test\r\n\r\n");
      await client.until((end) => end.rest.endsWith("\r\n\r\n"));
      expect(client.rest).toMatch(/^HTTP\/1.1 204 No Content\r\n/);
    }
  }
});
