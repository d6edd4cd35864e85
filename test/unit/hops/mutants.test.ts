// Each mutant does its one bad thing. What it must not do beside is the straight pipe's own test, since it is that pipe but for one step.
import { describe, expect, test } from "vitest";
import type { ServerDefinition } from "../../../harness/define.ts";
import { contentOf, dechunk, inflated, isComplete, startHop, startOrigin } from "./_wire.ts";
import type { End } from "./_wire.ts";

const chainWith = async (id: string) => {
  const { default: definition } = (await import(`../../mutants/${id}.ts`)) as { default: ServerDefinition };
  const origin = await startOrigin();
  const hop = await startHop(definition, origin.url);
  return { origin, hop, [Symbol.asyncDispose]: async () => (await hop[Symbol.asyncDispose](), await origin[Symbol.asyncDispose]()) };
};

/** A response that has begun and whose first record, if any, has been written. */
const started = async (chain: Awaited<ReturnType<typeof chainWith>>, headers = ""): Promise<[client: End, origin: End]> => {
  const client = chain.hop.ask({ headers });
  const origin = (await chain.origin.asked()).start();
  return [client, origin];
};

/** Proves that nothing comes of itself: another exchange through the same hop and back, while this one stays as it is. */
const anotherPasses = async (chain: Awaited<ReturnType<typeof chainWith>>): Promise<void> => {
  const other = chain.hop.ask({ method: "HEAD", path: "/other" });
  (await chain.origin.asked()).send("HTTP/1.1 204 No Content\r\nX-Other: yes\r\n\r\n");
  await other.has("X-Other: yes");
};

describe.concurrent("delivery", () => {
  test("hold-all releases the body when the origin ends it", async () => {
    await using chain = await chainWith("hold-all");
    const [client, origin] = await started(chain);
    await client.headers();
    origin.chunk("one").chunk("two");
    await anotherPasses(chain);
    expect(client.rest).toBe("");
    origin.last();
    await client.until(isComplete);
    expect(contentOf(client)).toBe("onetwo");
  });

  // What they do to memory: test/e2e/memory.test.ts.
  test.for(["keep-a-copy", "no-backpressure"])("%s passes on each record immediately", async (id) => {
    await using chain = await chainWith(id);
    const [client, origin] = await started(chain);
    origin.chunk("one");
    await client.has("one");
    origin.chunk("two").last();
    await client.until(isComplete);
    expect(contentOf(client)).toBe("onetwo");
  });

  test("release-4096 releases whole blocks, and the rest at the end", async () => {
    await using chain = await chainWith("release-4096");
    const [client, origin] = await started(chain);
    origin.chunk("x".repeat(4095));
    await anotherPasses(chain);
    expect(client.rest).toBe("");
    origin.chunk("yz");
    await client.has("y");
    expect(contentOf(client).length).toBe(4096);
    origin.last();
    await client.until(isComplete);
    expect(contentOf(client)).toBe(`${"x".repeat(4095)}yz`);
  });

  test("cork-200 releases everything 200 ms after the first pending byte", async () => {
    await using chain = await chainWith("cork-200");
    const [client, origin] = await started(chain);
    const at = performance.now();
    origin.chunk("one").chunk("two");
    await client.has("two");
    expect(client.at("one") - at).toBeGreaterThan(195);
    expect(client.at("two")).toBe(client.at("one"));
    origin.chunk("three").last();
    await client.until(isComplete);
    expect(contentOf(client)).toBe("onetwothree");
    expect(client.at("three") - client.at("one")).toBeGreaterThan(195);
  });

  test("one-behind releases each write with the next one", async () => {
    await using chain = await chainWith("one-behind");
    const [client, origin] = await started(chain);
    origin.chunk("one");
    await anotherPasses(chain);
    expect(client.rest).toBe("");
    origin.chunk("two");
    await client.has("one");
    expect(contentOf(client)).toBe("one");
    origin.last();
    await client.until(isComplete);
    expect(contentOf(client)).toBe("onetwo");
  });

  test("gzip-no-flush holds what it compresses, and compresses only for who asks", async () => {
    await using chain = await chainWith("gzip-no-flush");
    const [client, origin] = await started(chain, "Accept-Encoding: gzip\r\n");
    origin.chunk("one");
    await client.headers();
    expect(client.head).toContain("Content-Encoding: gzip");
    await anotherPasses(chain);
    expect(contentOf(client).length).toBeLessThanOrEqual(10);
    origin.chunk("two").last();
    await client.until(isComplete);
    expect(await inflated(contentOf(client))).toBe("onetwo");

    const plain = chain.hop.ask();
    (await chain.origin.asked()).start().chunk("one");
    await plain.has("one");
  });

  test("hold-headers sends the header section with the first body byte", async () => {
    await using chain = await chainWith("hold-headers");
    const [client, origin] = await started(chain);
    await anotherPasses(chain);
    expect(client.text).toBe("");
    origin.chunk("one");
    await client.has("one");
  });
});

describe.concurrent("ending", () => {
  test("strip-last-chunk closes where the last chunk should be", async () => {
    await using chain = await chainWith("strip-last-chunk");
    const [client, origin] = await started(chain);
    origin.chunk("one").last();
    expect(await client.left()).toBe("fin");
    expect(dechunk(client.rest)).toMatchObject({ content: "one", complete: false });
  });

  test.for(["reset", "fin"] as const)("clean-end-on-error turns the origin's %s into a clean end", async (how) => {
    await using chain = await chainWith("clean-end-on-error");
    const [client, origin] = await started(chain);
    origin.chunk("one");
    await client.has("one");
    origin[how]();
    await client.until(isComplete);
  });

  test("hang-on-error leaves the client waiting", async () => {
    await using chain = await chainWith("hang-on-error");
    const [client, origin] = await started(chain);
    origin.chunk("one");
    await client.has("one");
    origin.reset();
    await anotherPasses(chain);
    expect(client.gone).toBe(null);
    expect(isComplete(client)).toBe(false);
  });

  test("bytes-after-end writes behind the last chunk", async () => {
    await using chain = await chainWith("bytes-after-end");
    const [client, origin] = await started(chain);
    origin.chunk("one").last();
    await client.has("stray bytes");
    expect(dechunk(client.rest)).toMatchObject({ content: "one", complete: true, after: "stray bytes" });
  });

  test("cut-idle resets after 600 ms of silence, which heartbeats prevent", async () => {
    await using chain = await chainWith("cut-idle");
    const [client, origin] = await started(chain);
    await client.headers();
    const beat = setInterval(() => origin.chunk("beat"), 200);
    await client.until(() => contentOf(client).length >= 6 * 4);
    clearInterval(beat);
    expect(await client.left()).toBe("reset");
    await origin.left();
    expect(client.goneAt - client.reads.at(-1)!.at).toBeGreaterThan(595);
  });

  test("cut-total resets 900 ms after the start in spite of heartbeats", async () => {
    await using chain = await chainWith("cut-total");
    const at = performance.now();
    const [client, origin] = await started(chain);
    const beat = setInterval(() => origin.gone ?? origin.chunk("beat"), 200);
    expect(await client.left()).toBe("reset");
    clearInterval(beat);
    expect(client.goneAt - at).toBeGreaterThan(895);
    expect(contentOf(client)).toContain("beat");
    await origin.left();
  });

  test("answer-504 answers for an origin that has not answered within 600 ms", async () => {
    await using chain = await chainWith("answer-504");
    const at = performance.now();
    const client = chain.hop.ask();
    const origin = await chain.origin.asked();
    await client.until(isComplete);
    expect(client.head).toMatch(/^HTTP\/1\.1 504 /);
    expect(client.at("504") - at).toBeGreaterThan(595);
    await origin.left();
    expect(client.gone).toBe(null);
  });

  test("answer-504 leaves alone what answers in time", async () => {
    await using chain = await chainWith("answer-504");
    const [client, origin] = await started(chain);
    await client.headers();
    const { promise, resolve } = Promise.withResolvers<void>();
    setTimeout(resolve, 700);
    await promise;
    origin.chunk("late").last();
    await client.until(isComplete);
    expect(contentOf(client)).toBe("late");
  });
});

describe.concurrent("disconnect", () => {
  test("keep-upstream goes on reading for nobody", async () => {
    await using chain = await chainWith("keep-upstream");
    const [client, origin] = await started(chain);
    await client.headers();
    client.reset();
    const piece = "x".repeat(1024 * 1024);
    for (let sent = 0; sent < 16; sent++) await new Promise((taken) => origin.chunk(piece).socket.write("", taken));
    expect(origin.gone).toBe(null);
  });

  test("keep-upstream-until-write notices at the next write", async () => {
    await using chain = await chainWith("keep-upstream-until-write");
    const [client, origin] = await started(chain);
    await client.headers();
    client.reset();
    await anotherPasses(chain);
    expect(origin.gone).toBe(null);
    origin.chunk("one");
    await origin.left();
  });
});

describe.concurrent("source", () => {
  test("cache-everything answers the second request itself", async () => {
    await using chain = await chainWith("cache-everything");
    const [client, origin] = await started(chain);
    origin.chunk("one").last();
    await client.until(isComplete);
    const second = chain.hop.ask();
    await second.until(isComplete);
    expect(contentOf(second)).toBe("one");
    expect(second.head).toMatch(/Transfer-Encoding: chunked/);
    const other = chain.hop.ask({ path: "/other" });
    (await chain.origin.asked()).start().chunk("two").last();
    await other.until(isComplete);
    expect(contentOf(other)).toBe("two");
  });

  test("collapse joins what is under way: the past at once, then live", async () => {
    await using chain = await chainWith("collapse");
    const [client, origin] = await started(chain);
    origin.chunk("one");
    await client.has("one");
    const second = chain.hop.ask();
    await second.has("one");
    origin.chunk("two");
    await Promise.all([client.has("two"), second.has("two")]);
    client.reset();
    origin.chunk("three").last();
    await second.until(isComplete);
    expect(contentOf(second)).toBe("onetwothree");
    expect(chain.origin.connections.length).toBe(1);
  });

  test("collapse lets the upstream go with the last client", async () => {
    await using chain = await chainWith("collapse");
    const [client, origin] = await started(chain);
    await client.headers();
    client.reset();
    await origin.left();
  });

  test("retry asks twice and uses the second response", async () => {
    await using chain = await chainWith("retry");
    const client = chain.hop.ask({ path: "/twice", headers: "hopwise-request: abcdefgh.0\r\n" });
    const [first, second] = [await chain.origin.asked(), await chain.origin.asked()];
    expect([first.head, second.head].every((head) => head.includes("GET /twice ") && head.includes("hopwise-request: abcdefgh.0"))).toBe(
      true,
    );
    first.start().chunk("first");
    second.start().chunk("second");
    await first.left();
    second.last();
    await client.until(isComplete);
    expect(contentOf(client)).toBe("second");
  });
});

describe.concurrent("integrity", () => {
  const bodyThrough = async (id: string): Promise<string> => {
    await using chain = await chainWith(id);
    const [client, origin] = await started(chain);
    for (const [at, record] of ["one-", "two-", "three"].entries()) {
      origin.chunk(record);
      await client.until(() => contentOf(client).length >= [4, 8, 13][at]!);
    }
    origin.last();
    await client.until(isComplete);
    return contentOf(client);
  };

  test("alter-byte changes one byte", async () => {
    expect(await bodyThrough("alter-byte")).toBe("one-twn-three");
  });

  test("duplicate-record repeats one record", async () => {
    expect(await bodyThrough("duplicate-record")).toBe("one-two-two-three");
  });
});
