import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import compressionStream from "../../../middlewares/compression-stream.ts";
import { accepting, held, serve } from "./_serve.ts";
import { contentOf, inflated, isComplete } from "./_wire.ts";

describe.concurrent("the middleware compression-stream", () => {
  test.for<[type: string, byDefault: boolean, skippingEvents: boolean]>([
    ["text/event-stream", true, false],
    ["Text/Event-Stream; charset=utf-8", true, false],
    ["text/event-streams", true, true],
    ["text/csv", true, true],
    ["application/json", true, true],
    ["application/problem+json; charset=utf-8", true, true],
    ["application/json-seq", false, false],
    ["application/x-ndjson", false, false],
    ["application/octet-stream", false, false],
    ["", false, false],
  ])("codes %s: %s, skipping events: %s", async ([type, ...expected]) => {
    for (const [at, variant] of ["default", "skips-events"].entries()) {
      await using server = await serve(compressionStream, variant, (_request, response) => {
        if (type !== "") response.setHeader("Content-Type", type);
        response.end("text");
      });
      const client = server.ask({ headers: "Accept-Encoding: gzip\r\nConnection: close\r\n" });
      await client.left();
      expect(/Content-Encoding: gzip/.test(client.head), variant).toBe(expected[at]);
      expect(expected[at] ? await inflated(contentOf(client)) : client.rest).toBe("text");
    }
  });

  test("spares clients that accept no gzip, and what forbids a transformation", async () => {
    await using server = await serve(compressionStream, "default", (request, response) => {
      if (request.headers["accept-encoding"]) response.setHeader("Cache-Control", "no-transform");
      response.writeHead(200, { "Content-Type": "text/plain" }).end("text");
    });
    for (const coding of ["gzip", null]) {
      const client = server.ask(coding === null ? {} : accepting(coding));
      await client.has("text");
      expect(client.head).not.toContain("Content-Encoding");
    }
  });

  test("holds what is written, and has no way to be told otherwise", async () => {
    const { handler, asked } = held();
    await using server = await serve(compressionStream, "default", handler);
    const client = server.ask(accepting("gzip"));
    (await asked(1)).setHeader("Content-Type", "text/event-stream").write("data: one\n\n");
    await client.headers();
    const other = server.ask();
    (await asked(2)).end("another exchange");
    await other.has("another exchange");
    // No more than gzip's own header section.
    expect(contentOf(client).length).toBeLessThanOrEqual(10);
    (await asked(1)).end();
    await client.until(isComplete);
    expect(await inflated(contentOf(client))).toBe("data: one\n\n");
  });

  test("a client that does not read stops the handler, and gets everything later", async () => {
    const piece = randomBytes(1024 * 1024);
    const { handler, asked } = held();
    await using server = await serve(compressionStream, "default", handler);
    const client = server.ask(accepting("gzip"));
    client.socket.pause();
    const response = await asked(1);
    response.setHeader("Content-Type", "text/plain");
    let written = 0;
    const fill = (): void => {
      while (written < 16) {
        written++;
        if (!response.write(piece)) return void response.once("drain", fill);
      }
      response.end();
    };
    fill();
    const { promise: pausing, resolve } = Promise.withResolvers<void>();
    setTimeout(resolve, 300);
    await pausing;
    expect(written).toBeLessThan(16);
    client.socket.resume();
    await client.until((end) => end.endsWith("0\r\n\r\n"));
    expect((await inflated(contentOf(client))).length).toBe(16 * piece.length);
  });

  test("a client that leaves takes the encoder with it, and the next one is served", async () => {
    const { handler, asked } = held();
    await using server = await serve(compressionStream, "default", handler);
    const client = server.ask(accepting("gzip"));
    const response = await asked(1);
    response.setHeader("Content-Type", "text/plain").write("one");
    await client.headers();
    const closed = new Promise((resolve) => response.once("close", resolve));
    client.reset();
    await closed;
    response.write("two");
    response.end();
    const next = server.ask(accepting("gzip"));
    (await asked(2)).setHeader("Content-Type", "text/plain").end("three");
    await next.until(isComplete);
    expect(await inflated(contentOf(next))).toBe("three");
  });
});
