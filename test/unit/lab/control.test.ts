import { afterEach, expect, test, vi } from "vitest";
import { connect } from "node:net";
import { now } from "../../../harness/lab/clock.ts";
import { openLab } from "../../../harness/lab/lab.ts";
import { anyPort, pause, rawServer } from "./_lab.ts";

const toClose: AsyncDisposable[] = [];
afterEach(async () => {
  for (const thing of toClose.splice(0).toReversed()) await thing[Symbol.asyncDispose]();
});

const openPipe = async (delayMs = 0) => {
  const lab = await openLab();
  const { port } = await lab.do("open-control-sink", { listen: anyPort });
  const pipe = await rawServer((downstream) => {
    const upstream = connect({ port, host: "127.0.0.1", noDelay: true });
    upstream.on("error", () => {});
    downstream.on("close", () => upstream.destroy());
    downstream.on("data", (bytes: Buffer) => (delayMs === 0 ? upstream.write(bytes) : setTimeout(() => upstream.write(bytes), delayMs)));
    upstream.on("data", (bytes: Buffer) => downstream.write(bytes));
  });
  toClose.push(lab, pipe);
  await lab.do("start-control", { target: pipe.address });
  return { lab, pipe };
};

test("the control measures the transit of a straight pipe, pooled with earlier samples", async () => {
  const { lab } = await openPipe();
  const startedAt = now();
  await pause(300);
  const fromAt = now();
  await pause(100);
  const window = await lab.do("control", { fromAt, toAt: now() });
  expect(window.samples).toBeGreaterThan(20);
  expect(window.fromAt).toBeLessThan(fromAt);
  expect(window.fromAt).toBeGreaterThan(startedAt - 100);
  expect(window.p50Ms).toBeGreaterThan(0);
  expect([window.p50Ms, window.p99Ms, window.maxMs]).toEqual([window.p50Ms, window.p99Ms, window.maxMs].toSorted((a, b) => a - b));
});

test("the control sees a pipe that is late, also while nothing arrives", async () => {
  const { lab } = await openPipe(40);
  await pause(30);
  expect((await lab.do("control", { fromAt: 0, toAt: now() })).maxMs).toBeGreaterThan(10);
  await pause(100);
  expect((await lab.do("control", { fromAt: 0, toAt: now() })).p50Ms).toBeGreaterThan(35);
});

test("the control fails when its pipe is gone, and cannot start without one", async () => {
  const { lab, pipe } = await openPipe();
  await expect(lab.do("start-control", { target: pipe.address })).rejects.toThrow("The control is running already");
  await pause(30);
  await pipe[Symbol.asyncDispose]();
  await vi.waitFor(() =>
    expect(lab.do("control", { fromAt: 0, toAt: now() })).rejects.toThrow(/The control's connection to its (pipe|sink) was closed/),
  );
  const other = await openLab();
  toClose.push(other);
  await expect(other.do("start-control", { target: pipe.address })).rejects.toThrow(
    /The control cannot reach its pipe at 127\.0\.0\.1:\d+: .*ECONNREFUSED/,
  );
});

test.each(["h1-tls", "h2", "h2c"] as const)(
  "a control of %s streams through the same pipe beside that of plain TCP, until it is stopped",
  async (protocol) => {
    const { lab, pipe } = await openPipe();
    await expect(lab.do("control", { fromAt: 0, toAt: now(), protocol })).rejects.toThrow("The control was not started");
    await lab.do("start-control", { target: pipe.address, protocol });
    const window = await lab.do("control", { fromAt: now(), toAt: null, protocol });
    expect(window.samples).toBeGreaterThanOrEqual(200);
    expect(window.p50Ms).toBeGreaterThan(0);
    expect(pipe.sockets.size).toBe(2);
    expect((await lab.do("control", { fromAt: 0, toAt: now() })).samples).toBeGreaterThan(100);
    await expect(lab.do("start-control", { target: pipe.address, protocol })).rejects.toThrow("The control is running already");
    await lab.do("stop-control", { protocol });
    await expect(lab.do("control", { fromAt: 0, toAt: null, protocol })).rejects.toThrow("The control was not started");
    // Again, with samples of its own.
    await lab.do("start-control", { target: pipe.address, protocol });
    const again = await lab.do("control", { fromAt: now(), toAt: null, protocol });
    expect(again.fromAt).toBeGreaterThan(window.toAt);
  },
);

test.each(["h1-tls", "h2", "h2c"] as const)(
  "a control of %s sees what its own protocol adds: a pipe that is late with what it sends back",
  async (protocol) => {
    const lab = await openLab();
    const { port } = await lab.do("open-control-sink", { listen: anyPort });
    const pipe = await rawServer((downstream) => {
      const upstream = connect({ port, host: "127.0.0.1", noDelay: true });
      downstream.on("data", (bytes: Buffer) => upstream.write(bytes));
      upstream.on("data", (bytes: Buffer) => setTimeout(() => downstream.write(bytes), 30));
      upstream.on("error", () => {});
      downstream.on("close", () => upstream.destroy());
    });
    toClose.push(lab, pipe);
    await lab.do("start-control", { target: pipe.address });
    await lab.do("start-control", { target: pipe.address, protocol });
    const encrypted = await lab.do("control", { fromAt: now(), toAt: null, protocol });
    const plain = await lab.do("control", { fromAt: now(), toAt: null });
    expect(encrypted.p50Ms).toBeGreaterThan(29);
    expect(plain.p50Ms).toBeLessThan(20);
  },
);

test.each(["h1-tls", "h2", "h2c"] as const)("a control of %s fails when its pipe is gone, or is missing", async (protocol) => {
  const { lab, pipe } = await openPipe();
  await lab.do("start-control", { target: pipe.address, protocol });
  await lab.do("control", { fromAt: now(), toAt: null, protocol });
  await pipe[Symbol.asyncDispose]();
  await vi.waitFor(() =>
    expect(lab.do("control", { fromAt: 0, toAt: now(), protocol })).rejects.toThrow(/^The control over HTTP\/(1\.1|2) (over|without) TLS /),
  );
  await lab.do("start-control", { target: pipe.address, protocol });
  await expect(lab.do("control", { fromAt: 0, toAt: null, protocol })).rejects.toThrow(
    /^The control over HTTP\/(1\.1|2) (over|without) TLS cannot reach its server through the pipe at 127\.0\.0\.1:\d+: .*ECONNREFUSED/,
  );
});
