import { createServer, request as ask } from "node:http";
import { connect, type Socket } from "node:net";
import { constants, createGzip } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import type { Address } from "../../../harness/lab/protocol.ts";
import { requestIdText } from "../../../harness/model/request-id.ts";
import type { Step } from "../../../harness/model/script.ts";
import { openLab } from "../../../harness/lab/lab.ts";
import {
  anyPort,
  caseOf,
  type Bench,
  contentOf,
  endsOf,
  type Hop,
  newToken,
  only,
  openBench,
  openTaps,
  rawServer,
  repeat,
  soonMs,
  tapOf,
  textOf,
} from "./_lab.ts";

const toClose: AsyncDisposable[] = [];
afterEach(async () => {
  for (const thing of toClose.splice(0).toReversed()) await thing[Symbol.asyncDispose]();
});
const bench = async (...parameters: Parameters<typeof openBench>): Promise<Bench> => {
  const opened = await openBench(...parameters);
  toClose.push(opened);
  return opened;
};

/** A hop that connects each connection to one of its upstream connections. */
const relay =
  (join: (downstream: Socket, upstream: Socket) => void): Hop =>
  async ({ host, port }) => {
    const server = await rawServer((downstream) => {
      const upstream = connect({ host, port, noDelay: true });
      upstream.on("error", () => downstream.destroy());
      downstream.on("close", () => upstream.destroy());
      join(downstream, upstream);
    }, false);
    toClose.push(server);
    return server.address;
  };

const straight = relay((downstream, upstream) => {
  downstream.pipe(upstream);
  upstream.pipe(downstream);
});
/** Holds everything until its upstream ends or `bytes` are there. */
const holding = (bytes: number): Hop =>
  relay((downstream, upstream) => {
    downstream.pipe(upstream);
    let held: Buffer[] = [];
    const release = (): void => {
      downstream.write(Buffer.concat(held));
      held = [];
    };
    upstream.on("data", (part: Buffer) => {
      held.push(part);
      if (Buffer.concat(held).length >= bytes || part.toString("latin1").endsWith("0\r\n\r\n")) release();
    });
    upstream.on("end", () => downstream.end());
  });

const lockStep: Step[] = [
  { do: "headers" },
  { do: "lock-step", records: 5, patienceMs: 150 },
  { do: "pause", ms: 30, only: "unacknowledged" },
  { do: "write", records: 2, everyMs: 30, only: "unacknowledged" },
  { do: "end" },
];

/** The other side sees a close a little later. */
const closing = { timeout: 5000 };

describe("a case", () => {
  test("passes its lock-step through straight hops", async () => {
    const { run } = await bench([straight, straight]);
    const recording = await run({ steps: lockStep });
    expect(only(recording.origin).unacknowledged).toBeNull();
    expect(only(recording.clients).recordsAt.length).toBe(5);
    expect(recording.connections.map(({ tap }) => tap)).toEqual([0, 1, 2]);
    expect(recording.endedAt).toBeGreaterThan(recording.startedAt);
  });

  test("gives up its lock-step after a hop that holds, writes the rest immediately and continues with the unacknowledged steps", async () => {
    const { run } = await bench([straight, holding(1000)]);
    const recording = await run({ steps: lockStep, recordBytes: [...repeat(100, 5), 700, 800] });
    const { unacknowledged, writes } = only(recording.origin);
    const { recordsAt, ended } = only(recording.clients);
    const at = writes.map((write) => write.at - (writes[0]?.at ?? 0));
    expect([unacknowledged?.record, writes.length]).toEqual([0, 7]);
    expect(at[1]).toBeGreaterThanOrEqual(149);
    expect((at[4] ?? 0) - (at[1] ?? 0)).toBeLessThan(140);
    expect((at[5] ?? 0) - (at[4] ?? 0)).toBeGreaterThan(25);
    expect(recordsAt.slice(0, 5).every((time) => time >= (writes[5]?.at ?? Infinity))).toBe(true);
    expect([recordsAt.length, ended?.how]).toEqual([7, "complete"]);
  });

  test("confirms records through a server that compresses, flush by flush", async () => {
    const gzip: Hop = async ({ host, port }) => {
      const server = createServer((incoming, outgoing) => {
        ask({ host, port, path: incoming.url, headers: incoming.headers, agent: false }, (response) => {
          outgoing.writeHead(200, { "Content-Encoding": "gzip" });
          const coder = createGzip();
          coder.pipe(outgoing);
          response.on("data", (part: Buffer) => {
            coder.write(part);
            coder.flush(constants.Z_SYNC_FLUSH);
          });
          response.on("end", () => coder.end());
        }).end();
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      toClose.push({ [Symbol.asyncDispose]: async () => void server.close() });
      return { host: "127.0.0.1", port: (server.address() as { port: number }).port };
    };
    const { run } = await bench([gzip]);
    const recording = await run({ steps: lockStep, clients: [{ acceptEncoding: "gzip" }] });
    expect(only(recording.origin).unacknowledged).toBeNull();
    expect(only(recording.origin).requestHeaders).toContainEqual(["accept-encoding", "gzip"]);
    expect(textOf(only(recording.clients).response)).toMatch(/content-encoding: gzip/i);
    expect([only(recording.clients).recordsAt.length, only(recording.clients).problems]).toEqual([5, []]);
  });

  test("shares a kept connection with other cases, and gets its own part of it", async () => {
    // Every request of every client goes up the one connection, one after another.
    const sharing: Hop = async (upstreamAddress: Address) => {
      const upstream = connect({ ...upstreamAddress, noDelay: true });
      toClose.push({ [Symbol.asyncDispose]: async () => void upstream.destroy() });
      const queue: { downstream: Socket; request: Buffer }[] = [];
      let current: Socket | null = null;
      const next = (): void => {
        const first = current === null ? queue.shift() : undefined;
        if (!first) return;
        current = first.downstream;
        upstream.write(first.request);
      };
      upstream.on("data", (part: Buffer) => {
        current?.write(part);
        if (!part.toString("latin1").endsWith("0\r\n\r\n")) return;
        current = null;
        next();
      });
      const server = await rawServer((downstream) => {
        downstream.on("data", (request: Buffer) => {
          queue.push({ downstream, request });
          next();
        });
      }, false);
      toClose.push(server);
      return server.address;
    };
    const { lab, run } = await bench([sharing]);
    const steps: Step[] = [{ do: "write", records: 3, everyMs: 10 }, { do: "end" }];
    const recordings = await Promise.all([
      run({ steps, clients: [{ patienceMs: 2000 }] }),
      run({ steps, clients: [{ patienceMs: 2000 }] }),
      run({ steps, clients: [{ patienceMs: 2000 }] }),
    ]);
    for (const recording of recordings) {
      const { request, response, connection, closings } = tapOf(recording, 0);
      const { nonce, startedAt, endedAt } = only(recording.origin);
      expect(connection).toBe(0);
      expect(textOf(request).match(/GET /g)?.length).toBe(1);
      expect(textOf(request)).toContain(requestIdText(only(recording.origin).request ?? { token: "none", client: null }));
      expect(textOf(response)).toBe(textOf(only(recording.clients).response));
      expect(textOf(response)).toContain(nonce);
      expect(request.at[0]).toBeLessThanOrEqual(startedAt);
      expect(response.at.at(-1)).toBeGreaterThanOrEqual(endedAt ?? Infinity);
      expect(response.ends.at(-1)).toBe(response.bytes.length);
      expect(closings).toEqual([]);
    }
    await expect.poll(() => lab.census(), closing).toEqual({ atOrigin: 1, onTaps: 1 });
  });

  test("starts its clients at their times, after others' records and after others' ends", async () => {
    const { run } = await bench();
    const { clients, origin, startedAt } = await run({
      steps: [{ do: "write", records: 8, everyMs: 20 }, { do: "end" }],
      clients: [
        {},
        { start: { whenClient: 0, has: { records: 3 } } },
        { start: { whenClient: 0, has: "ended" } },
        { start: { afterMs: 25 } },
      ],
    });
    const [first, second, third, fourth] = clients;
    expect(clients.map(({ client, ended }) => [client, ended?.how])).toEqual([0, 1, 2, 3].map((client) => [client, "complete"]));
    expect(second?.startedAt).toBeGreaterThanOrEqual(first?.recordsAt[2] ?? Infinity);
    expect(second?.startedAt).toBeLessThan(first?.recordsAt[7] ?? 0);
    expect(third?.startedAt).toBeGreaterThanOrEqual(first?.ended?.at ?? Infinity);
    expect((fourth?.startedAt ?? 0) - startedAt).toBeGreaterThan(23);
    expect(new Set(origin.map(({ nonce }) => nonce)).size).toBe(4);
  });

  test("finds its request by the query if a hop removes the header", async () => {
    const stripping = relay((downstream, upstream) => {
      downstream.on("data", (bytes: Buffer) => upstream.write(bytes.toString("latin1").replace(/hopwise-request.*\r\n/, "")));
      upstream.pipe(downstream);
    });
    const { run } = await bench([stripping]);
    const recording = await run({ steps: lockStep });
    expect([only(recording.origin).request, only(recording.origin).unacknowledged]).toEqual([null, null]);
    expect(only(recording.clients).ended?.how).toBe("complete");
  });

  test("records every request of a hop that retries", async () => {
    const asking: Hop = relay((downstream, upstream) => {
      downstream.once("data", (request: Buffer) => {
        const first = connect({ port: upstream.remotePort ?? 0, host: "127.0.0.1" }, () => first.write(request));
        first.once("data", () => {
          first.destroy();
          upstream.write(request);
        });
      });
      downstream.pause();
      upstream.once("connect", () => downstream.resume());
      upstream.pipe(downstream);
    });
    const { run } = await bench([asking]);
    const recording = await run({ steps: [{ do: "write", records: 3, everyMs: 20 }, { do: "end" }] });
    expect(recording.origin.length).toBe(2);
    expect(recording.origin.map(({ gone }) => gone?.how ?? null)).toEqual(["fin", null]);
    expect(recording.connections.filter(({ tap }) => tap === 0).length).toBe(2);
    expect(only(recording.clients).recordsAt.length).toBe(3);
  });

  test("gives up a hung response when the client's patience after the origin's end is over", async () => {
    const { run } = await bench([
      relay((downstream, upstream) => {
        downstream.pipe(upstream);
        upstream.resume();
      }),
    ]);
    const recording = await run({ steps: [{ do: "write", records: 2, everyMs: 100 }, { do: "end" }], clients: [{ patienceMs: 80 }] });
    const { ended } = only(recording.clients);
    expect(ended?.how).toBe("gave-up");
    const waited = (ended?.at ?? 0) - (only(recording.origin).endedAt ?? 0);
    expect(waited).toBeGreaterThan(75);
    expect(waited).toBeLessThan(80 + soonMs);
  });

  test("waits for a request that still moves from hop to hop, longer than the client's patience", async () => {
    const slowly = relay((downstream, upstream) => {
      downstream.on("data", (part: Buffer) => void setTimeout(() => upstream.write(part), 200));
      upstream.pipe(downstream);
    });
    const { run } = await bench([slowly, slowly, slowly]);
    const recording = await run({ steps: [{ do: "write", records: 2, everyMs: 0 }, { do: "end" }], clients: [{ patienceMs: 300 }] });
    expect(only(recording.clients).ended?.how).toBe("complete");
  });

  test("reads what came while the machine stood still before a client gives up", async () => {
    const slowly = relay((downstream, upstream) => {
      downstream.on("data", (part: Buffer) => void setTimeout(() => upstream.write(part), 60));
      upstream.pipe(downstream);
    });
    const { run } = await bench([slowly]);
    const running = run({ steps: [{ do: "write", records: 2, everyMs: 0 }, { do: "end" }], clients: [{ patienceMs: 200 }] });
    setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500), 30);
    expect(only((await running).clients).ended?.how).toBe("complete");
  });

  test("gives up requests that never reach the origin, and scripts that never end", async () => {
    const deaf = relay((downstream) => downstream.resume());
    const asked = await (await bench([deaf])).run({ steps: [{ do: "end" }], clients: [{ patienceMs: 60 }] });
    expect([asked.origin, only(asked.clients).ended?.how]).toEqual([[], "gave-up"]);
    const endless = await (
      await bench()
    ).run({ steps: [{ do: "headers" }, { do: "await-gone", atMostMs: 5000 }], clients: [{ patienceMs: 60 }] });
    expect(only(endless.clients).ended?.how).toBe("gave-up");
    expect(only(endless.origin).gone?.how).toBe("fin");
    for (const { startedAt, endedAt } of [asked, endless]) expect(endedAt - startedAt).toBeLessThan(60 + 2 * soonMs);
  });

  test("stops an origin with a blocked connection when the time of its steps and the patience are over", async () => {
    // It keeps its upstream although the client has left, and reads nothing.
    const deaf: Hop = async ({ host, port }) => {
      const server = await rawServer((downstream) => {
        downstream.once("data", (request: Buffer) => {
          const upstream = connect({ host, port });
          upstream.on("error", () => {});
          upstream.write(request);
          toClose.push({ [Symbol.asyncDispose]: async () => void upstream.destroy() });
        });
      });
      toClose.push(server);
      return server.address;
    };
    const { run, lab } = await bench([deaf]);
    const recording = await run({
      // A kernel may take up to 32 MiB for a socket that no one reads (tcp_rmem).
      steps: [{ do: "write", records: 48, everyMs: 0 }, { do: "end" }],
      recordBytes: repeat(1024 * 1024, 48),
      clients: [{ patienceMs: 100, leave: { how: "fin", records: 0, afterMs: 10 } }],
    });
    const { problem, gone, endedAt, bytesWritten, bytesTaken } = only(recording.origin);
    expect([gone, endedAt, bytesTaken < bytesWritten]).toEqual([null, null, true]);
    expect(problem).toMatch(/^The script was stopped [1-9]\d{3} ms after the request: its steps took too long$/);
    await expect.poll(() => lab.census().atOrigin, closing).toBe(0);
  });

  test("records a hop that cannot be reached", async () => {
    const closed: Hop = async () => {
      const server = await rawServer();
      await server[Symbol.asyncDispose]();
      return server.address;
    };
    const recording = await (await bench([closed])).run({ steps: [{ do: "end" }] });
    expect(only(recording.clients).ended?.how).toBe("reset");
    const connection = only(recording.connections);
    expect([connection.tap, connection.connectedAt, endsOf(connection)]).toEqual([1, null, ["upstream reset"]]);
  });

  test("records no more bytes than its limit", async () => {
    const { run } = await bench([], { keepBytes: 10_000 });
    const recording = await run({ steps: [{ do: "write", records: 1, everyMs: 0 }, { do: "end" }], recordBytes: [100_000] });
    for (const { response } of [...recording.connections, ...recording.clients]) {
      expect([response.bytes.length, response.droppedBytes]).toEqual([10_000, (response.ends.at(-1) ?? 0) - 10_000]);
    }
    expect(only(recording.clients).recordsAt.length).toBe(1);
  });

  test("records no more bytes of a response than its case wants, beside one that wants all", async () => {
    const { run } = await bench([straight]);
    const shape = { steps: [{ do: "write" as const, records: 3, everyMs: 0 }, { do: "end" as const }], recordBytes: repeat(100_000, 3) };
    const [short, whole] = await Promise.all([run({ ...shape, keepBytes: 10_000 }), run(shape)]);
    for (const { response } of [...short.connections, ...short.clients]) {
      expect([response.bytes.length, response.droppedBytes]).toEqual([10_000, (response.ends.at(-1) ?? 0) - 10_000]);
    }
    for (const { response } of [...whole.connections, ...whole.clients]) expect(response.droppedBytes).toBe(0);
    // What is not recorded is counted all the same.
    expect(only(short.clients)).toMatchObject({ ended: { how: "complete" }, recordsAt: { length: 3 } });
  });

  test("serves 200 clients at once", async () => {
    const { run, lab } = await bench([straight]);
    const clients = repeat(0, 200).map(() => ({ patienceMs: 3000 }));
    const recording = await run({ steps: [{ do: "headers" }, { do: "lock-step", records: 5, patienceMs: 3000 }, { do: "end" }], clients });
    expect(recording.clients.filter(({ ended, recordsAt }) => ended?.how === "complete" && recordsAt.length === 5).length).toBe(200);
    expect(recording.connections.length).toBe(400);
    for (const { nonce, request } of recording.origin) {
      const client = recording.clients[request?.client ?? -1];
      expect(client && contentOf(client.response).toString()).toContain(nonce);
    }
    await expect.poll(() => lab.census(), closing).toEqual({ atOrigin: 0, onTaps: 0 });
  });

  test("runs beside 200 others through the same taps", async () => {
    const { run, lab } = await bench([straight]);
    const recordings = await Promise.all(
      repeat(0, 200).map(() => run({ steps: [{ do: "write", records: 4, everyMs: 10 }, { do: "end" }], clients: [{ patienceMs: 3000 }] })),
    );
    for (const recording of recordings) {
      expect([recording.connections.length, recording.origin.length, only(recording.clients).ended?.how]).toEqual([2, 1, "complete"]);
      expect(textOf(tapOf(recording, 1).response)).toContain(only(recording.origin).nonce);
    }
    await expect.poll(() => lab.census(), closing).toEqual({ atOrigin: 0, onTaps: 0 });
  });
});

describe("the lab", () => {
  test("answers a fault with an error of one sentence", async () => {
    const lab = await openLab();
    toClose.push(lab);
    const taps = await openTaps(lab.do, []);
    const [tap = ""] = taps;
    const trialCase = caseOf({ steps: [{ do: "end" }] });
    await expect(lab.do("open-tap", { id: tap, target: "origin", listen: anyPort })).rejects.toThrow(`The tap "${tap}" already exists`);
    await expect(lab.do("close-tap", { id: "x" })).rejects.toThrow('Unknown tap "x"');
    await expect(lab.do("run-case", { case: trialCase, token: newToken(), taps: [] })).rejects.toThrow('Case "case" names no tap');
    await expect(
      lab.do("run-case", { case: caseOf({ steps: [], clients: [{ start: { whenClient: 0, has: "ended" } }] }), token: newToken(), taps }),
    ).rejects.toThrow('Client 0 of case "case" waits for client 0, which does not exist');
    const { port } = await lab.do("open-tap", { id: "b", target: "origin", listen: anyPort });
    await expect(lab.do("open-tap", { id: "c", target: "origin", listen: { host: "127.0.0.1", port } })).rejects.toThrow(
      `Cannot listen on 127.0.0.1:${port}`,
    );
    await expect(lab.do("control", { fromAt: 0, toAt: 1 })).rejects.toThrow("The control was not started");
    await lab.do("close-tap", { id: "b" });
    await expect(lab.do("await-port", { address: { host: "127.0.0.1", port }, withinMs: 30 })).rejects.toThrow(
      /within 30 ms: ECONNREFUSED/,
    );
    await expect(lab.do("fetch", { address: { host: "127.0.0.1", port }, path: "/", withinMs: 30 })).rejects.toThrow(/GET http:.* failed/);
  });

  test("waits for a port, and fetches small resources", async () => {
    const lab = await openLab();
    toClose.push(lab);
    const server = createServer((request, response) => void response.writeHead(201).end(`hello ${request.url}`));
    toClose.push({ [Symbol.asyncDispose]: async () => void server.close() });
    const free = await rawServer();
    await free[Symbol.asyncDispose]();
    const waiting = lab.do("await-port", { address: free.address, withinMs: 5000 });
    setTimeout(() => server.listen(free.address.port, "127.0.0.1"), 30);
    expect((await waiting).afterMs).toBeGreaterThan(20);
    expect(await lab.do("fetch", { address: free.address, path: "/a", withinMs: 1000 })).toEqual({ status: 201, text: "hello /a" });
  });
});
