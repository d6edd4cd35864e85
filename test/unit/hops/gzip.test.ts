import { randomBytes } from "node:crypto";
import type { RequestListener } from "node:http";
import { createGunzip } from "node:zlib";
import { describe, expect, test } from "vitest";
import gzip from "../../../middlewares/gzip.ts";
import { accepting, held, serve } from "./_serve.ts";
import { contentOf, inflated, isComplete } from "./_wire.ts";

describe.concurrent("the middleware gzip", () => {
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
    const handler: RequestListener = (_request, response) =>
      void response.writeHead(404, "Gone fishing", { "Content-Length": 4, ETag: '"x"' }).end("text");
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
