import { describe, expect, test } from "vitest";
import compression from "../../../middlewares/compression.ts";
import { accepting, held, serve } from "./_serve.ts";
import { contentOf, inflated, isComplete } from "./_wire.ts";

describe.concurrent("the middleware compression", () => {
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
