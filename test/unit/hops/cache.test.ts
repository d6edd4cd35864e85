import { describe, expect, test } from "vitest";
import cache from "../../../middlewares/cache.ts";
import { held, serve } from "./_serve.ts";
import { contentOf, isComplete } from "./_wire.ts";

describe.concurrent("the middleware cache", () => {
  const once = async (
    server: Awaited<ReturnType<typeof serve>>,
    { responses, asked }: ReturnType<typeof held>,
    headers: Record<string, string>,
    path = "/",
  ) => {
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
    ["default", "no-store in capitals", { "Cache-Control": "No-Store" }, false],
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
