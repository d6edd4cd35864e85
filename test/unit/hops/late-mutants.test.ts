// What hops do that are late, slow, or harmless: each its one thing, over real sockets.
import { connect } from "node:http2";
import type { ClientHttp2Stream } from "node:http2";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import type { ServerDefinition } from "../../../harness/define.ts";
import { randomFrom } from "../../mutants/_random.ts";
import { contentOf, dechunk, inflated, isComplete, startHop, startOrigin } from "./_wire.ts";
import type { End } from "./_wire.ts";

const chainWith = async (id: string, variant?: string) => {
  const { default: definition } = (await import(`../../mutants/${id}.ts`)) as { default: ServerDefinition };
  const origin = await startOrigin();
  const hop = await startHop(definition, origin.url, variant);
  return { origin, hop, [Symbol.asyncDispose]: async () => (await hop[Symbol.asyncDispose](), await origin[Symbol.asyncDispose]()) };
};

/** How late each record came that the origin wrote at the same moment, and that all of them came in order. */
const latenessOf = async (id: string, records: string[], variant?: string): Promise<number[]> => {
  await using chain = await chainWith(id, variant);
  const client = chain.hop.ask();
  const origin = (await chain.origin.asked()).start();
  await client.headers();
  const at = performance.now();
  for (const record of records) origin.chunk(record);
  origin.last();
  await client.until(isComplete);
  expect(contentOf(client)).toBe(records.join(""));
  let text = "";
  const grown = client.reads.map((read) => ({ at: read.at, bytes: dechunk((text += read.text).slice(client.head.length)).content.length }));
  let end = 0;
  return records.map((record) => {
    end += record.length;
    return (grown.find(({ bytes }) => bytes >= end)?.at ?? NaN) - at;
  });
};

const five = ["one-", "two-", "three-", "four-", "five-"];
const between = (least: number, most: number) => (value: number) => value >= least && value < most;
/** A hop is never early; how late it is besides is the machine's. */
const atLeast = (ms: number) => (value: number) => value >= ms;

describe.concurrent("late", () => {
  test("hold-every-third lets nothing overtake the write that it holds", async () => {
    const [, second = 0, ...held] = await latenessOf("hold-every-third", five);
    expect(held.every(atLeast(899))).toBe(true);
    expect(held.every((ms) => ms > second)).toBe(true);
  });

  test("pause-at-every-third reads nothing meanwhile", async () => {
    const [, second = 0, ...held] = await latenessOf("pause-at-every-third", five);
    expect(held.every(atLeast(899))).toBe(true);
    expect(held.every((ms) => ms > second)).toBe(true);
  });

  test("random-holds draws from its seed, and keeps the order", async () => {
    const firstMs = 900 * randomFrom(1)();
    expect(firstMs).toBeGreaterThan(300);
    // What is held keeps all that comes after it.
    expect((await latenessOf("random-holds", five)).every(atLeast(firstMs - 2))).toBe(true);
  });

  test("delay-40 delays each write by itself", async () => {
    expect((await latenessOf("delay-40", five)).every(atLeast(39))).toBe(true);
  });

  test("groups-of-three-late releases a second after the third write", async () => {
    expect((await latenessOf("groups-of-three-late", five)).every(atLeast(999))).toBe(true);
  });

  test.each(["throttle", "throttle-steps"])("%s keeps its rate", async (id) => {
    const records = Array.from({ length: 5 }, (_, at) => `${at}`.repeat(500));
    const late = await latenessOf(id, records, "1k");
    // Its steps begin with the connection: what is written later waits less.
    expect(late.at(-1)).toSatisfy(atLeast(id === "throttle" ? 2450 : 1000));
    expect(late[0]).toSatisfy(atLeast(id === "throttle" ? 480 : 0));
  });
});

/** One write after the other, each when the one before it has been read. */
const stepsThrough = async (id: string, headers = ""): Promise<{ client: End; origin: End } & AsyncDisposable> => {
  const chain = await chainWith(id);
  const client = chain.hop.ask({ headers });
  const origin = (await chain.origin.asked()).start();
  await client.headers();
  return { client, origin, [Symbol.asyncDispose]: chain[Symbol.asyncDispose] };
};

describe.concurrent("batches", () => {
  test("groups-of-three releases three writes with the third", async () => {
    await using steps = await stepsThrough("groups-of-three");
    const { client, origin } = steps;
    origin.chunk("one").chunk("two").chunk("three").chunk("four");
    await client.has("onetwothree");
    expect(contentOf(client)).toBe("onetwothree");
    origin.last();
    await client.until(isComplete);
    expect(contentOf(client)).toBe("onetwothreefour");
  });

  test("varying-quantum releases after 500 to 3000 bytes", async () => {
    await using steps = await stepsThrough("varying-quantum");
    const { client, origin } = steps;
    for (let at = 0; at < 80; at++) origin.chunk("x".repeat(100));
    origin.last();
    await client.until(isComplete);
    const blocks = client.rest.match(/^[0-9a-f]+(?=\r\n)/gm)?.map((size) => Number.parseInt(size, 16)) ?? [];
    const whole = blocks.slice(0, -2);
    expect(whole.every(between(500, 3101))).toBe(true);
    expect(new Set(whole).size).toBeGreaterThan(1);
  });

  test("bytes-or-timer releases a block at once and the rest by its timer", async () => {
    await using steps = await stepsThrough("bytes-or-timer");
    const { client, origin } = steps;
    const at = performance.now();
    origin.chunk(`${"x".repeat(1447)}yz`);
    await client.has("y");
    await client.has("z");
    expect(client.at("z")).toBeGreaterThan(client.at("y"));
    expect(client.at("z") - at).toBeGreaterThan(198);
  });
});

describe.concurrent("content coding", () => {
  const gzip = "Accept-Encoding: gzip\r\n";

  test("gzip-members makes a member of each write, gzip-flush one of all", async () => {
    for (const [id, members] of [
      ["gzip-members", 2],
      ["gzip-flush", 1],
    ] as const) {
      await using steps = await stepsThrough(id, gzip);
      const { client, origin } = steps;
      origin.chunk("one");
      await client.until(() => contentOf(client).length > 10);
      origin.chunk("two").last();
      await client.until(isComplete);
      expect(contentOf(client).split("\x1f\x8b\x08").length - 1).toBe(members);
      expect(await inflated(contentOf(client))).toBe("onetwo");
    }
  });

  test("gzip-members leaves alone what is for a client without gzip", async () => {
    await using steps = await stepsThrough("gzip-members");
    const { client, origin } = steps;
    origin.chunk("one").last();
    await client.until(isComplete);
    expect(contentOf(client)).toBe("one");
  });
});

describe.concurrent("harmless", () => {
  test.each(["split-writes", "merge-writes"])("%s holds nothing", async (id) => {
    await using steps = await stepsThrough(id);
    const { client, origin } = steps;
    const record = "x".repeat(99);
    for (const last of "abc") {
      origin.chunk(`${record}${last}`);
      await client.until(() => contentOf(client).endsWith(last));
    }
    origin.last();
    await client.until(isComplete);
    expect(dechunk(client.rest).content.length).toBe(300);
  });
});

describe.concurrent("a canceled stream of HTTP/2", () => {
  const twoStreams = async (id: string) => {
    const chain = await chainWith(id);
    const session = connect(`https://127.0.0.1:${chain.hop.port}`, { rejectUnauthorized: false });
    session.on("error", () => {});
    const open = async (path: string): Promise<{ stream: ClientHttp2Stream; origin: End }> => {
      const stream = session.request({ ":path": path });
      stream.on("error", () => {}).setEncoding("utf8");
      const origin = (await chain.origin.asked()).start().chunk(path);
      await once(stream, "data");
      return { stream, origin };
    };
    const [one, other] = [await open("/one"), await open("/other")];
    const close = async (): Promise<void> => {
      session.destroy();
      await chain[Symbol.asyncDispose]();
    };
    return { one, other, session, [Symbol.asyncDispose]: close };
  };

  test("h2-straight lets go of the upstream, and of no other", async () => {
    await using streams = await twoStreams("h2-straight");
    const { one, other } = streams;
    one.stream.close(8);
    await one.origin.left();
    other.origin.chunk("more");
    expect(await once(other.stream, "data")).toEqual(["more"]);
    expect(other.origin.gone).toBe(null);
  });

  test("h2-keep-canceled keeps it until the connection is closed", async () => {
    await using streams = await twoStreams("h2-keep-canceled");
    const { one, other, session } = streams;
    one.stream.close(8);
    const piece = "x".repeat(1024 * 1024);
    for (let sent = 0; sent < 16; sent++) await new Promise((taken) => one.origin.chunk(piece).socket.write("", taken));
    other.origin.chunk("more");
    expect(await once(other.stream, "data")).toEqual(["more"]);
    expect(one.origin.gone).toBe(null);
    session.destroy();
    await Promise.all([one.origin.left(), other.origin.left()]);
  });
});
