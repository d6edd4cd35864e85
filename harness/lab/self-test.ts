// Proves that this Node reports resets: Node 20 and 22 report a reset after data as a clean end, so a lab on them would take every visible
// truncation for a silent one. For TLS and HTTP/2: self-test-client.ts.
import { connect, createServer, type Server, type Socket } from "node:net";
import { now } from "./clock.ts";
import { listening, portOf } from "./tap.ts";
import { Latch, wait } from "./wait.ts";

const tries = 100;
/** Only a failing test takes this long. On a busy machine the loopback interface may take half a second. */
const withinMs = 5000;
const busyMs = 20;
const data = Buffer.alloc(600, "x");

type Seen = "reset" | "clean end" | "nothing" | "loss of data";

interface Pair {
  near: Socket;
  far: Socket;
  receivedBytes: number;
  expectedBytes: number;
  ending: Seen;
  over: Latch;
}

interface Trial {
  name: string;
  expected: Seen;
  act: (pairs: readonly Pair[]) => void | Promise<void>;
}

const send = (pair: Pair): void => {
  pair.expectedBytes += data.length;
  pair.far.write(data);
};
const received = (pairs: readonly Pair[]): Promise<void>[] =>
  pairs.map(({ near }) => wait(withinMs, (wake) => (near.once("data", wake), () => near.off("data", wake))));

const trials: Trial[] = [
  {
    name: "resets after data that had been read",
    expected: "reset",
    act: async (pairs) => {
      const arrived = received(pairs);
      pairs.forEach(send);
      await Promise.all(arrived);
      for (const { far } of pairs) far.resetAndDestroy();
    },
  },
  {
    name: "resets after data that arrived while the event loop was busy",
    expected: "reset",
    act: async (pairs) => {
      const arrived = received(pairs);
      pairs.forEach(send);
      await Promise.all(arrived);
      pairs.forEach(send);
      for (const { far } of pairs) far.resetAndDestroy();
      for (const untilAt = now() + busyMs; now() < untilAt;);
    },
  },
  {
    name: "resets after data on a paused connection, read when it was resumed",
    expected: "reset",
    act: async (pairs) => {
      const arrived = received(pairs);
      pairs.forEach(send);
      await Promise.all(arrived);
      for (const { near } of pairs) near.pause();
      pairs.forEach(send);
      for (const { far } of pairs) far.resetAndDestroy();
      await wait(busyMs);
      for (const { near } of pairs) near.resume();
    },
  },
  {
    name: "ends after data",
    expected: "clean end",
    act: (pairs) => {
      pairs.forEach(send);
      for (const { far } of pairs) far.end();
    },
  },
];

const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;

export const selfTest = async (): Promise<{ node: string; faults: string[] }> => {
  const faults: string[] = [];
  for (const trial of trials) faults.push(...(await run(trial)));
  // A fault of plain TCP affects the layers above, and an old Node cannot load the client.
  if (faults.length === 0) faults.push(...(await (await import("./self-test-client.ts")).selfTestClient()));
  // Bounded by two readings, however long this process waited for a processor between them.
  const [before, ours, after] = [monotonicMs(), now(), monotonicMs()];
  const clockMs = Math.max(0, before - ours, ours - after);
  const clock = clockMs > 1 ? [`The clock is ${clockMs} ms off CLOCK_MONOTONIC`] : [];
  return { node: process.version, faults: [...faults, ...clock] };
};

const run = async ({ name, expected, act }: Trial): Promise<string[]> => {
  const server = createServer({ noDelay: true, allowHalfOpen: true });
  const pairs = await connectedPairs(server);
  await act(pairs);
  await Promise.all(pairs.map(({ over }) => wait(withinMs, over.signal)));
  for (const { near, far } of pairs) {
    near.destroy();
    far.destroy();
  }
  server.close();
  if (pairs.length < tries) return [`Of ${tries} connections to itself the lab received ${pairs.length}`];
  const wrong = new Map<Seen, number>();
  for (const { ending } of pairs) if (ending !== expected) wrong.set(ending, (wrong.get(ending) ?? 0) + 1);
  return Array.from(
    wrong,
    ([seen, count]) => `Of ${tries} ${name}, Node ${process.version} reported ${count} as ${seen} instead of ${expected}`,
  );
};

const connectedPairs = async (server: Server): Promise<Pair[]> => {
  const accepted = new Map<number | undefined, Socket>();
  const whole = new Latch();
  server.on("connection", (far) => {
    accepted.set(far.remotePort, far);
    if (accepted.size === tries) whole.trip();
  });
  await listening(server, { host: "127.0.0.1", port: 0 });
  const near = Array.from({ length: tries }, () =>
    connect({ port: portOf(server), host: "127.0.0.1", noDelay: true, allowHalfOpen: true }),
  );
  await Promise.all([
    wait(withinMs, whole.signal),
    ...near.map((socket) => wait(withinMs, (wake) => (socket.once("connect", wake), () => {}))),
  ]);
  return near.flatMap((socket) => {
    const far = accepted.get(socket.localPort);
    return far ? [watch(socket, far)] : [];
  });
};

const watch = (near: Socket, far: Socket): Pair => {
  const pair: Pair = { near, far, receivedBytes: 0, expectedBytes: 0, ending: "nothing", over: new Latch() };
  const finish = (ending: Seen): void => {
    pair.ending = pair.receivedBytes < pair.expectedBytes ? "loss of data" : ending;
    pair.over.trip();
  };
  far.on("error", () => {});
  far.resume();
  near.on("data", (bytes: Buffer) => {
    pair.receivedBytes += bytes.length;
  });
  near.on("end", () => finish("clean end"));
  near.on("error", () => {
    // As in the taps: bytes read while paused are still in the buffer.
    for (let bytes: unknown; (bytes = near.read()) !== null;) pair.receivedBytes += (bytes as Buffer).length;
    finish("reset");
  });
  return pair;
};
