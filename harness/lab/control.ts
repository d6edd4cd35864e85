// The control: what this machine does to a stream now, measured on a straight pipe all through the run.
//
//   source ── 64 bytes every 10 ms ──► straight pipe ──► sink, all timed by the lab's clock
import { connect, createServer, type Socket } from "node:net";
import { controlEveryMs as everyMs } from "../model/recording.ts";
import type { ControlWindow } from "../model/recording.ts";
import { now } from "./clock.ts";
import type { Address } from "./protocol.ts";
import { listening, portOf } from "./tap.ts";

export interface Control {
  openSink: (listen: Address) => Promise<number>;
  start: (target: Address) => Promise<void>;
  window: (fromAt: number, toAt: number) => ControlWindow;
  /** The window from then to now, pooled with what was before it, as soon as there are 200 samples. */
  windowSince: (fromAt: number) => Promise<ControlWindow>;
  close: () => void;
}

const messageBytes = 64;
/** Until the first 200 are there: a short run should not have to wait for them. */
const everyMsAtFirst = 1;
const pooledSamples = 200;
/** About twenty minutes. */
const capacity = 2 ** 17;

export const openControl = (): Control => {
  const departures = new Float64Array(capacity);
  const transits = new Float64Array(capacity).fill(Number.NaN);
  const sockets = new Set<Socket>();
  const servers = new Set<ReturnType<typeof createServer>>();
  let sent = 0;
  let arrived = 0;
  const waiting = new Set<{ number: number; go: () => void }>();
  let timer: NodeJS.Timeout | null = null;
  let fault: string | null = "The control was not started";

  const fail = (sentence: string): void => {
    fault ??= sentence;
    if (timer !== null) clearInterval(timer);
    for (const { go } of waiting) go();
  };
  const receive = (socket: Socket): void => {
    sockets.add(socket);
    let held = Buffer.alloc(0);
    socket.on("data", (bytes: Buffer) => {
      const at = now();
      held = Buffer.concat([held, bytes]);
      for (; held.length >= messageBytes; held = held.subarray(messageBytes)) {
        const number = held.readDoubleBE(0);
        if (number !== arrived) fail(`The control's message ${arrived} arrived as ${number}: its pipe is not straight`);
        transits[number % capacity] = at - (departures[number % capacity] ?? at);
        arrived = number + 1;
      }
      for (const waiter of waiting) if (arrived >= waiter.number) waiter.go();
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      sockets.delete(socket);
      if (arrived > 0) fail("The control's connection to its sink was closed");
    });
  };
  const send = (socket: Socket): void => {
    const message = Buffer.alloc(messageBytes);
    message.writeDoubleBE(sent, 0);
    transits[sent % capacity] = Number.NaN;
    departures[sent % capacity] = now();
    sent++;
    socket.write(message);
  };
  const window: Control["window"] = (fromAt, toAt) => {
    if (fault !== null) throw new Error(fault);
    const samples: number[] = [];
    const pairs: number[] = [];
    let firstAt = fromAt;
    for (let number = sent - 1; number >= Math.max(0, sent - capacity); number--) {
      const departedAt = departures[number % capacity] ?? 0;
      if (departedAt < fromAt && samples.length >= pooledSamples) break;
      if (departedAt > toAt) continue;
      const transit = transits[number % capacity] ?? Number.NaN;
      // What is still on its way for longer than a gap has taken at least as long.
      const takenMs = Number.isNaN(transit) ? now() - departedAt : transit;
      if (Number.isNaN(transit) && takenMs < everyMs) continue;
      samples.push(takenMs);
      pairs.push(departedAt, takenMs);
      firstAt = Math.min(firstAt, departedAt);
    }
    if (samples.length === 0) throw new Error("The control has not received anything yet");
    const sorted = Float64Array.from(samples).toSorted();
    return {
      transits: Float64Array.from(pairs),
      fromAt: firstAt,
      toAt,
      samples: sorted.length,
      p50Ms: rankOf(sorted, 0.5),
      p99Ms: rankOf(sorted, 0.99),
      maxMs: sorted.at(-1) ?? 0,
    };
  };
  return {
    openSink: async (listen) => {
      const server = createServer({ noDelay: true }, receive);
      await listening(server, listen);
      servers.add(server);
      return portOf(server);
    },
    start: async (target) => {
      if (fault === null) throw new Error("The control is running already");
      const socket = connect({ ...target, noDelay: true });
      await new Promise<void>((resolve, reject) => {
        socket.once("connect", resolve);
        socket.once("error", (error) =>
          reject(new Error(`The control cannot reach its pipe at ${target.host}:${target.port}: ${error.message}`)),
        );
      });
      sockets.add(socket);
      // What a pipe before this one still held is lost, and nobody's fault.
      arrived = sent;
      fault = null;
      socket.on("error", () => {});
      socket.on("close", () => fail("The control's connection to its pipe was closed"));
      socket.resume();
      send(socket);
      timer = setInterval(() => {
        send(socket);
        if (sent <= pooledSamples || timer === null) return;
        clearInterval(timer);
        timer = setInterval(() => send(socket), everyMs);
      }, everyMsAtFirst);
    },
    window,
    windowSince: async (fromAt) => {
      if (arrived < pooledSamples && fault === null) {
        const enough = Promise.withResolvers<void>();
        const waiter = { number: pooledSamples, go: enough.resolve };
        waiting.add(waiter);
        await enough.promise;
        waiting.delete(waiter);
      }
      return window(fromAt, now());
    },
    close: () => {
      if (timer !== null) clearInterval(timer);
      fault ??= "The control was closed";
      for (const socket of sockets) socket.destroy();
      for (const server of servers) server.close();
    },
  };
};

/** Nearest rank: the smallest sample that `share` of all are not above. */
const rankOf = (sorted: Float64Array, share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
