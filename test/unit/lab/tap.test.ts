import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openTap, type Tap } from "../../../harness/lab/tap.ts";
import type { Address } from "../../../harness/lab/protocol.ts";
import { anyPort, endsOf, happens, only, pause, rawServer, type RawServer, soonMs, textOf, watch } from "./_lab.ts";

const token = "tokentok";
const other = "othertok";

/** A raw server with `count` taps in front. */
const openChain = async (count: number, keepBytes?: number, active: string[] = [token, other]) => {
  const server = await rawServer();
  const taps: Tap[] = [];
  let upstream: Address = server.address;
  for (let index = 0; index < count; index++) {
    const isActive = (text: string): boolean => active.some((name) => text.includes(name));
    const tap = await openTap({ target: upstream, listen: anyPort, isActive, ...(keepBytes === undefined ? {} : { keepBytes }) });
    taps.push(tap);
    upstream = { host: "127.0.0.1", port: tap.port };
  }
  const enter = async (): Promise<[near: Socket, far: Socket]> => {
    const near = connect({ ...upstream, noDelay: true, allowHalfOpen: true });
    await happens(near, "connect");
    return [near, await server.next()];
  };
  return { server, taps, enter };
};

const open: { taps: Tap[]; server: RawServer }[] = [];
const chain = async (count: number, keepBytes?: number, active?: string[]) => {
  const opened = await openChain(count, keepBytes, active);
  open.push(opened);
  return opened;
};
beforeEach(() => open.splice(0));
afterEach(async () => {
  for (const { taps, server } of open) {
    for (const tap of taps) await tap.close();
    await server[Symbol.asyncDispose]();
  }
});

const cut = async (tap: Tap | undefined, name = token) => (tap ? tap.cut(name, 0) : []);
const until = async (isTrue: () => boolean): Promise<void> => {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
};

describe("a tap", () => {
  test("changes no byte in either direction", async () => {
    const { enter } = await chain(3);
    const [near, far] = await enter();
    const [atNear, atFar] = [watch(near), watch(far)];
    const [up, down] = [randomBytes(300_000), randomBytes(5_000_000)];
    for (let at = 0; at < up.length; at += 7001) near.write(up.subarray(at, at + 7001));
    far.write(down);
    near.end();
    far.end();
    await Promise.all([atNear.ended, atFar.ended]);
    expect(atFar.bytes().equals(up)).toBe(true);
    expect(atNear.bytes().equals(down)).toBe(true);
    expect([atNear.signs, atFar.signs]).toEqual([["fin"], ["fin"]]);
  });

  test("passes each write on separately, and stamps it", async () => {
    const { taps, enter } = await chain(1);
    const [near, far] = await enter();
    const seen = watch(near);
    near.write(`GET /${token} HTTP/1.1\r\n\r\n`);
    await happens(far, "data");
    for (let index = 1; index <= 5; index++) {
      far.write("x".repeat(index));
      await until(() => seen.bytes().length === (index * (index + 1)) / 2);
    }
    const { response, request, connectedAt, openedAt } = only(await cut(taps[0]));
    expect(Array.from(response.ends)).toEqual([1, 3, 6, 10, 15]);
    expect(Array.from(response.at)).toEqual(Array.from(response.at).toSorted((a, b) => a - b));
    expect(request.at[0]).toBeGreaterThanOrEqual(openedAt);
    expect(connectedAt).toBeGreaterThanOrEqual(openedAt);
  });

  test("passes a FIN on as a half-close, after the bytes, in both directions", async () => {
    const { taps, enter } = await chain(3);
    const [near, far] = await enter();
    const [atNear, atFar] = [watch(near), watch(far)];
    near.end(`GET /${token} HTTP/1.1\r\n\r\n`);
    await atFar.ended;
    expect(atFar.bytes().toString()).toContain(token);
    await pause(10);
    far.end("still answered");
    await atNear.ended;
    expect(atNear.bytes().toString()).toBe("still answered");
    expect([atNear.signs, atFar.signs]).toEqual([["fin"], ["fin"]]);
    for (const tap of taps) expect(endsOf(only(await cut(tap)))).toEqual(["downstream fin", "upstream fin"]);
  });

  test("passes a reset on after the bytes, 100 times out of 100, through three taps", async () => {
    const { taps, enter } = await chain(3);
    const pairs = await Promise.all(Array.from({ length: 100 }, enter));
    await Promise.all(
      pairs.map(async ([near, far], index) => {
        const seen = watch(near);
        near.write(`GET /${token} HTTP/1.1\r\n\r\n`);
        await happens(far, "data");
        // The last writes are still on their way through the taps when the reset follows them.
        const bytes = [600, 60_000, 6000][index % 3] ?? 0;
        far.write(Buffer.alloc(bytes, "a"));
        await until(() => seen.bytes().length === bytes);
        far.write(Buffer.alloc(100, "b"));
        far.resetAndDestroy();
        await seen.ended;
        expect(seen.signs).toEqual(["reset"]);
        expect(seen.bytes().length).toBe(bytes + 100);
      }),
    );
    for (const tap of taps) {
      const ends = (await cut(tap)).map(endsOf);
      expect(ends.length).toBe(100);
      for (const end of ends) expect(end).toEqual(["upstream reset"]);
    }
  });

  test("loses nothing of a megabyte that a reset follows, although the reader is slow, and says when it passed the reset on", async () => {
    const { taps, enter } = await chain(2);
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        const [near, far] = await enter();
        const seen = watch(near);
        near.write(`GET /${token} HTTP/1.1\r\n\r\n`);
        near.on("data", () => {
          near.pause();
          setTimeout(() => near.resume(), 1);
        });
        const bytes = 1_000_000;
        far.write(Buffer.alloc(bytes));
        // The far side's own kernel must have sent it all, or its reset would throw it away before any tap saw it.
        await until(() => seen.bytes().length > bytes / 2);
        await pause(100);
        far.resetAndDestroy();
        await seen.ended;
        expect(seen.signs).toEqual(["reset"]);
        expect(seen.bytes().length).toBe(bytes);
      }),
    );
    // The second tap stands before the slow reader.
    const resets = (await cut(taps[1])).flatMap(({ closings }) => closings);
    expect(resets.length).toBe(10);
    for (const { at, passedAt } of resets) expect(passedAt).toBeGreaterThan(at);
  });

  test("passes a client's reset on immediately", async () => {
    const { taps, enter } = await chain(3);
    const [near, far] = await enter();
    const seen = watch(far);
    near.write(`GET /${token} HTTP/1.1\r\n\r\n`);
    await happens(far, "data");
    const at = performance.now();
    near.resetAndDestroy();
    await seen.ended;
    expect(performance.now() - at).toBeLessThan(soonMs);
    expect(seen.signs).toEqual(["reset"]);
    for (const tap of taps) expect(endsOf(only(await cut(tap)))).toEqual(["downstream reset"]);
  });

  test("notices within milliseconds that a client sent RST after FIN", async () => {
    const { taps, enter } = await chain(3);
    const [near, far] = await enter();
    const seen = watch(far);
    near.write(`GET /${token} HTTP/1.1\r\n\r\n`);
    await happens(far, "data");
    near.end(() => near.destroy());
    await seen.ended;
    expect(seen.signs).toEqual(["fin"]);
    const gone = happens(far, "error");
    const at = performance.now();
    // One write is answered with RST, and no second one is needed, though on this side, too, only a write shows it.
    far.write("one");
    const probe = setInterval(() => far.write(Buffer.alloc(0)), 1);
    await gone;
    clearInterval(probe);
    expect(performance.now() - at).toBeLessThan(soonMs);
    for (const tap of taps) expect(endsOf(only(await cut(tap)))).toEqual(["downstream fin", "downstream reset"]);
  });

  test("passes backpressure on, and records when", async () => {
    const { taps, enter } = await chain(2);
    const [near, far] = await enter();
    near.write(`GET /${token} HTTP/1.1\r\n\r\n`);
    await happens(far, "data");
    near.pause();
    let written = 0;
    const block = Buffer.alloc(256 * 1024);
    const isBlocked = async (tap: Tap): Promise<boolean> => {
      const [from, to] = only(await cut(tap)).blocked.at(-1) ?? [0, 0];
      return to - from > 20;
    };
    const areBlocked = async (): Promise<boolean> => (await Promise.all(taps.map(isBlocked))).every(Boolean);
    // The kernel makes room for more for a while.
    while ((far.writableLength === 0 || !(await areBlocked())) && written < 400) {
      if (far.writableLength === 0) {
        far.write(block);
        written++;
      }
      await pause(1);
    }
    expect(written).toBeLessThan(400);
    const seen = watch(near);
    near.resume();
    far.end();
    await seen.ended;
    expect(seen.bytes().length).toBe(written * block.length);
  });

  test("resets a client whose upstream refuses, and records it with the request", async () => {
    const { server, taps, enter: _ } = await chain(1);
    await server[Symbol.asyncDispose]();
    const near = connect({ host: "127.0.0.1", port: taps[0]?.port ?? 0 });
    const seen = watch(near);
    await happens(near, "connect");
    near.write(`GET /${token} HTTP/1.1\r\n\r\n`);
    await seen.ended;
    expect(seen.signs).toEqual(["reset"]);
    const recording = only(await cut(taps[0]));
    expect(recording.connectedAt).toBeNull();
    expect(textOf(recording.request)).toContain(token);
    expect(endsOf(recording)).toEqual(["upstream reset"]);
  });

  test("cuts a reused connection where requests follow responses, and frees parts of no case", async () => {
    const { taps, enter } = await chain(1);
    const tap = taps[0];
    const [near, far] = await enter();
    far.on("data", (bytes: Buffer) => far.write(`answer to ${bytes.toString().split(" ")[1]}`));
    const ask = async (name: string): Promise<void> => {
      near.write(`GET /${name} HTTP/1.1\r\n\r\n`);
      await happens(near, "data");
    };
    await ask(token);
    await ask(other);
    await ask("health-check");
    await ask(token);
    await ask(token);
    const mine = await cut(tap);
    expect(mine.map(({ response }) => textOf(response))).toEqual([`answer to /${token}`, `answer to /${token}`.repeat(2)]);
    expect(mine.map(({ request }) => Array.from(request.ends))).toEqual([[26], [26, 52]]);
    expect(mine[0]?.request.at[0]).toBeLessThan(mine[1]?.request.at[0] ?? 0);
    expect(textOf(only(await cut(tap, other)).response)).toBe(`answer to /${other}`);
    expect(await cut(tap, "health-check")).toEqual([]);
    near.destroy();
    await happens(far, "end");
    expect(endsOf((await cut(tap)).at(-1)!)).toEqual(["downstream fin"]);
    expect(endsOf(only(await cut(tap, other)))).toEqual([]);
  });

  test("keeps nothing of cases that are over", async () => {
    const active = [token];
    const { taps, enter } = await chain(1, undefined, active);
    const tap = taps[0] as Tap;
    const [near, far] = await enter();
    far.on("data", () => far.write("answer"));
    near.write(`GET /${token} HTTP/1.1\r\n\r\n`);
    await happens(near, "data");
    active.pop();
    tap.release(token);
    expect(await cut(tap)).toEqual([]);
    expect(tap.connectionCount()).toBe(1);
    active.push(other);
    near.write(`GET /${other} HTTP/1.1\r\n\r\n`);
    await happens(near, "data");
    expect(textOf(only(await cut(tap, other)).response)).toBe("answer");
    near.destroy();
    far.end();
    await happens(far, "close");
    active.pop();
    tap.release(other);
    expect(tap.connectionCount()).toBe(0);
  });

  test("records bytes up to its limit, and counts the rest", async () => {
    const { taps, enter } = await chain(1, 100_000);
    const [near, far] = await enter();
    const seen = watch(near);
    near.write(`GET /${token} HTTP/1.1\r\n\r\n`);
    await happens(far, "data");
    const sent = randomBytes(250_000);
    far.end(sent);
    await seen.ended;
    expect(seen.bytes().equals(sent)).toBe(true);
    const { response } = only(await cut(taps[0]));
    expect(response.droppedBytes).toBe(150_000);
    expect(Buffer.from(response.bytes).equals(sent.subarray(0, 100_000))).toBe(true);
    expect(response.ends.at(-1)).toBe(250_000);
  });
});
