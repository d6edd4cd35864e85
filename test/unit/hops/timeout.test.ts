import { describe, expect, test } from "vitest";
import timeout from "../../../middlewares/timeout.ts";
import { held, serve } from "./_serve.ts";
import { isComplete } from "./_wire.ts";

describe.concurrent("the middleware timeout", () => {
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
