// A client over HTTP/3, with a scripted program in place of the one that speaks it: what is ordered, and what is made of what it reports.
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { responseParser } from "../../../harness/decode/http1.ts";
import { frameChannel } from "../../../harness/lab/channel.ts";
import { Client } from "../../../harness/lab/client.ts";
import { wait } from "../../../harness/lab/wait.ts";
import type { ClientPlan } from "../../../harness/model/script.ts";
import { caseOf, only, repeat } from "./_lab.ts";

interface Order {
  do: string;
  number?: number;
  [more: string]: unknown;
}

type Say = (report: object) => void;
/** What the program does with an order. */
type Answer = (order: Order, say: Say, hangUp: () => void) => void;

const toClose: (() => void)[] = [];
afterEach(() => {
  for (const close of toClose.splice(0)) close();
});

const programOf = async (answer: Answer, toConnect: object = { is: "connected", port: 4433 }) => {
  const orders: Order[] = [];
  const server = createServer({ noDelay: true }, (socket) => {
    const channel = frameChannel(socket, {
      onFrame: (frame) => {
        const order = frame as Order;
        orders.push(order);
        if (order.do === "connect") channel.send(toConnect);
        answer(order, channel.send, () => socket.destroy());
      },
      onClosed: () => {},
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  toClose.push(() => server.close());
  return { orders, address: { host: "127.0.0.1", port: (server.address() as AddressInfo).port } };
};

const recordBytes = 10;
const head = {
  is: "head",
  number: 0,
  fields: [
    [":status", "200"],
    ["content-type", "text/plain"],
    ["content-length", "40"],
  ],
};
const data = (text = "x".repeat(recordBytes), number = 0) => ({ is: "data", number, bytes: Buffer.from(text) });

const clientOf = (program: { host: string; port: number }, plan: Partial<ClientPlan> = {}, host?: Client) => {
  const { script, clients } = caseOf({
    steps: [],
    recordBytes: repeat(recordBytes, 4),
    clients: [{ protocol: "h3", host: "app.example", target: "/a?b=1", ...plan }],
  });
  return new Client({
    plan: only(clients),
    client: 0,
    token: "abcdefgh",
    script,
    target: { host: "127.0.0.1", port: 8443 },
    http3: { program },
    keepBytes: 1e7,
    ...(host ? { host } : {}),
  });
};

const attempt = async (answer: Answer, plan: Partial<ClientPlan> = {}) => {
  const { orders, address } = await programOf(answer);
  const client = clientOf(address, plan);
  await wait(null, client.closed.signal);
  const [recording, own] = [await client.recording(), await client.ownRecording(1)];
  return { orders, recording, own, events: responseParser({ method: "GET" }).push(recording.response.bytes) };
};

const whole: Answer = (order, say) => {
  if (order.do !== "request") return;
  say(head);
  for (let record = 0; record < 4; record++) say(data());
  say({ is: "end", number: 0 });
};

/** As soon as the first record was read. */
const after =
  (then: (say: Say, hangUp: () => void) => void): Answer =>
  (order, say, hangUp) => {
    if (order.do === "request") {
      say(head);
      say(data());
    }
    if (order.do === "taken") then(say, hangUp);
  };

const closedBy = (own: { closings: { by: string }[] } | null, by: string) => own?.closings.find((one) => one.by === by);

describe("a client that speaks HTTP/3", () => {
  test("asks as HTTP/3 does, and has the response as one of HTTP/1.1 in chunks", async () => {
    const { orders, recording, events } = await attempt(whole);
    expect(orders[0]).toEqual({ do: "connect", host: "127.0.0.1", port: 8443, serverName: "app.example", isSlow: false, timeScale: 1 });
    expect(orders[1]).toMatchObject({ do: "request", number: 0, isLast: true });
    const fields = ((orders[1]?.["headers"] ?? []) as [string, string][]).map(([name]) => name);
    expect(fields.slice(0, 4)).toEqual([":method", ":scheme", ":authority", ":path"]);
    expect(fields).not.toContain("host");
    expect(recording).toMatchObject({ ended: { how: "complete" }, problems: [] });
    expect(recording.recordsAt).toHaveLength(4);
    expect(events.map(({ kind }) => kind)).toEqual(["head", ...repeat(0, 4).map(() => "content"), "end"]);
    expect(orders.at(-1)).toEqual({ do: "leave", isInOrder: true });
  });

  test("opens the window by what was read", async () => {
    const { orders } = await attempt(whole);
    const taken = orders.flatMap((one) => (one.do === "taken" ? [one["count"] as number] : []));
    expect(taken.reduce((sum, count) => sum + count, 0)).toBe(4 * recordBytes);
  });

  test.each([
    ["a stream that is reset", { is: "reset", number: 0, code: "H3_INTERNAL_ERROR" }, { frame: "RESET_STREAM", code: "H3_INTERNAL_ERROR" }],
    ["a connection that is closed", { is: "closed", code: "H3_NO_ERROR" }, { frame: "CONNECTION_CLOSE", code: "H3_NO_ERROR" }],
    ["a connection that was idle for too long", { is: "idle" }, { frame: null, code: "the idle timeout of its QUIC connection" }],
    [
      "a connection that breaks the protocol",
      { is: "unreadable", why: "no settings" },
      { frame: null, code: "what it sent is no HTTP/3: no settings" },
    ],
  ])("takes %s for a cut, after what came before", async (_, report, sign) => {
    const { recording, own } = await attempt(after((say) => say(report)));
    expect(recording.ended?.how).toBe("reset");
    expect(recording.recordsAt).toHaveLength(1);
    expect(closedBy(own, "upstream")).toMatchObject({ how: "reset", http3: sign });
  });

  test("takes a response whose end has come for whole, though the connection is closed with it", async () => {
    const { recording } = await attempt((order, say, hangUp) => {
      whole(order, say, hangUp);
      if (order.do === "request") say({ is: "closed", code: "H3_NO_ERROR" });
    });
    expect(recording.ended?.how).toBe("complete");
  });

  test("proves nothing if the program fails, or goes, and is refused where nothing listens", async () => {
    const faultOf = async (answer: Answer) => {
      const { address } = await programOf(answer);
      const client = clientOf(address);
      await wait(null, client.closed.signal);
      return { fault: client.fault, how: (await client.recording()).ended?.how };
    };
    expect(await faultOf(after((_, hangUp) => hangUp()))).toMatchObject({ fault: "The lab's client for HTTP/3 has gone" });
    expect(await faultOf(after((say) => say({ is: "failed", why: "KeyError: 1" })))).toMatchObject({
      fault: "The lab's client for HTTP/3 failed: KeyError: 1",
    });
    const refusing = await programOf(() => {}, { is: "refused", why: "Connection refused" });
    const client = clientOf(refusing.address);
    await wait(null, client.closed.signal);
    expect([client.fault, (await client.recording()).ended?.how]).toEqual([null, "refused"]);
  });

  test("reads a response without content, and one whose status forbids it, to their end", async () => {
    const { recording } = await attempt((order, say) => {
      if (order.do !== "request") return;
      say({
        is: "head",
        number: 0,
        fields: [
          [":status", "103"],
          ["link", "</a>"],
        ],
      });
      say({ is: "head", number: 0, fields: [[":status", "204"]] });
      say({ is: "end", number: 0 });
    });
    expect(recording).toMatchObject({ ended: { how: "complete" }, problems: [] });
    expect(Buffer.from(recording.response.bytes).toString("latin1")).toMatch(
      /^HTTP\/1.1 103 \r\nlink: <\/a>\r\n\r\nHTTP\/1.1 204 \r\n\r\n$/,
    );
  });

  test("says when the other side could not send: its window was exhausted, or the program was behind", async () => {
    const { own } = await attempt((order, say) => {
      if (order.do === "request") {
        say(head);
        say(data());
        say({ is: "blocked", number: 0 });
        setTimeout(() => say({ is: "unblocked", number: 0 }), 20);
        setTimeout(() => say({ is: "blocked", number: null }), 40);
        setTimeout(() => {
          say({ is: "unblocked", number: null });
          for (let record = 1; record < 4; record++) say(data());
          say({ is: "end", number: 0 });
        }, 60);
      }
    });
    expect(own?.blocked).toHaveLength(2);
    for (const [from, to] of own?.blocked ?? []) expect(to - from).toBeGreaterThan(10);
  });

  test("opens no window while it does not read, and reads on afterwards", async () => {
    const takenAt: number[] = [];
    const { recording } = await attempt(
      (order, say, hangUp) => {
        whole(order, say, hangUp);
        if (order.do === "taken") takenAt.push(performance.now());
      },
      { stall: { records: 1, forMs: 150 } },
    );
    expect(takenAt).toHaveLength(4);
    expect((takenAt[3] ?? 0) - (takenAt[0] ?? 0)).toBeGreaterThan(100);
    expect(recording.ended?.how).toBe("complete");
    expect(recording.readOnAt).not.toBe(undefined);
  });

  test("cancels its stream by STOP_SENDING and keeps the connection for another, whose leaving closes it", async () => {
    const answer: Answer = (order, say) => {
      if (order.do !== "request") return;
      say({ ...head, number: order.number });
      say(data(undefined, order.number));
    };
    const { orders, address } = await programOf(answer);
    const first = clientOf(address, { leave: { how: "cancel", records: 1, afterMs: 20 } });
    const second = clientOf(address, { onConnectionOf: 0, leave: { how: "fin", records: 1, afterMs: 80 } }, first);
    await Promise.all([wait(null, first.closed.signal), wait(null, second.closed.signal)]);
    expect(orders.filter((one) => one.do !== "taken").map((one) => [one.do, one.number])).toEqual([
      ["connect", undefined],
      ["request", 0],
      ["request", 1],
      ["cancel", 0],
      ["leave", undefined],
    ]);
    const [one, other] = [await first.ownRecording(1), await second.ownRecording(1)];
    expect(closedBy(one, "downstream")).toMatchObject({ how: "reset", http3: { frame: "STOP_SENDING", code: "H3_REQUEST_CANCELLED" } });
    expect(closedBy(other, "downstream")).toMatchObject({ how: "fin", http3: { frame: "CONNECTION_CLOSE", code: "H3_NO_ERROR" } });
  });

  test("sends a body with its request, and one in pieces until its end", async () => {
    const answer: Answer = (order, say, hangUp) => {
      if (order["isLast"] === true) whole({ do: "request" }, say, hangUp);
    };
    const given = await attempt(answer, { method: "POST", content: "{}" });
    expect(given.orders[1]).toMatchObject({ do: "request", isLast: true, bytes: new Uint8Array(Buffer.from("{}")) });
    const { orders } = await attempt(answer, { method: "POST", upload: { pieces: 2, pieceBytes: 3, everyMs: 5 } });
    expect(orders.slice(1, 5).map((one) => [one.do, one["isLast"], (one["bytes"] as Uint8Array | undefined)?.length])).toEqual([
      ["request", false, undefined],
      ["content", false, 3],
      ["content", false, 3],
      ["content", true, undefined],
    ]);
  });
});
