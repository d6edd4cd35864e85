import { describe, expect, test } from "vitest";
import httpProxy from "../../../proxies/http-proxy.ts";
import { contentOf, dechunk, isComplete, startHop, startOrigin } from "./_wire.ts";

const pair = async (variant: string, more = {}) => {
  const origin = await startOrigin();
  const hop = await startHop(httpProxy, origin.url, variant, more);
  return { origin, hop, [Symbol.asyncDispose]: async () => (await hop[Symbol.asyncDispose](), await origin[Symbol.asyncDispose]()) };
};

/** Another exchange through the same hop and back: whatever was on its way has arrived. */
const anotherPasses = async (chain: Awaited<ReturnType<typeof pair>>): Promise<void> => {
  const other = chain.hop.ask({ path: "/other" });
  (await chain.origin.asked()).send("HTTP/1.1 204 No Content\r\nx-other: yes\r\n\r\n");
  await other.has("x-other: yes");
};

describe.concurrent("http-proxy", () => {
  test("passes each write as it comes, but holds the header section until the first", async () => {
    await using chain = await pair("default");
    const client = chain.hop.ask();
    const origin = (await chain.origin.asked()).start();
    await anotherPasses(chain);
    expect(client.text).toBe("");
    for (const record of ["one", "two"]) {
      origin.chunk(record);
      await client.has(record);
    }
    origin.last();
    await client.until(isComplete);
    expect(contentOf(client)).toBe("onetwo");
  });

  test.for(["default", "client-abort"] as const)("hangs when the origin breaks off, by FIN or by reset: %s", async (variant) => {
    await using chain = await pair(variant);
    for (const abort of ["fin", "reset"] as const) {
      const client = chain.hop.ask();
      const origin = (await chain.origin.asked()).start().chunk("one");
      await client.has("one");
      origin[abort]();
      await anotherPasses(chain);
      expect(client.gone).toBe(null);
      expect(isComplete(client)).toBe(false);
    }
  });

  test.for(["origin-abort", "repaired"] as const)("breaks off visibly when the origin does: %s", async (variant) => {
    await using chain = await pair(variant);
    for (const abort of ["fin", "reset"] as const) {
      const client = chain.hop.ask();
      const origin = (await chain.origin.asked()).start().chunk("one");
      await client.has("one");
      origin[abort]();
      await client.left();
      expect(dechunk(client.rest)).toMatchObject({ content: "one", complete: false });
    }
  });

  test.for(["default", "origin-abort"] as const)("keeps the origin when the client leaves: %s", async (variant) => {
    await using chain = await pair(variant);
    const client = chain.hop.ask();
    const origin = (await chain.origin.asked()).start().chunk("one");
    await client.has("one");
    client.reset();
    await anotherPasses(chain);
    expect(origin.gone).toBe(null);
  });

  test.for(["client-abort", "repaired"] as const)("lets the origin go when the client leaves: %s", async (variant) => {
    await using chain = await pair(variant);
    const client = chain.hop.ask();
    const origin = (await chain.origin.asked()).start().chunk("one");
    await client.has("one");
    client.reset();
    await origin.left();
  });

  test("proxyTimeout: the origin's silence is answered with 502 before the header section, and with silence behind it", async () => {
    await using chain = await pair("proxy-timeout", { proxyTimeout: 200 });
    const early = chain.hop.ask();
    const first = await chain.origin.asked();
    const late = chain.hop.ask();
    const second = (await chain.origin.asked()).start().chunk("one");
    await early.has("502 Bad Gateway");
    await Promise.all([first.left(), second.left()]);
    await anotherPasses(chain);
    expect(late.gone).toBe(null);
    expect(isComplete(late)).toBe(false);
  });

  test("timeout: silence towards the client closes its connection, and keeps the origin's", async () => {
    await using chain = await pair("timeout", { timeout: 200 });
    const early = chain.hop.ask();
    const first = await chain.origin.asked();
    const late = chain.hop.ask();
    const second = (await chain.origin.asked()).start().chunk("one");
    expect(await early.left()).toBe("fin");
    expect(await late.left()).toBe("fin");
    expect(early.text).toBe("");
    expect(dechunk(late.rest)).toMatchObject({ content: "one", complete: false });
    expect([first.gone, second.gone]).toEqual([null, null]);
  });

  test("the README's listener throws when the origin resets inside a body", async () => {
    const { promise: thrown, resolve } = Promise.withResolvers<Error>();
    const keep = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException").once("uncaughtException", resolve);
    try {
      await using chain = await pair("readme");
      const client = chain.hop.ask();
      const origin = (await chain.origin.asked()).start().chunk("one");
      await client.has("one");
      origin.reset();
      expect(await thrown).toMatchObject({ code: "ERR_HTTP_HEADERS_SENT" });
    } finally {
      for (const listener of keep) process.on("uncaughtException", listener);
    }
  });

  test("an origin that refuses is a 502", async () => {
    const origin = await startOrigin();
    await using hop = await startHop(httpProxy, origin.url);
    await origin[Symbol.asyncDispose]();
    await hop.ask().has("HTTP/1.1 502 Bad Gateway");
  });
});
