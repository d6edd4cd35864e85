import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, expect, it } from "vitest";
import { datesOf } from "../../../harness/lab/dates.ts";

const opened: AsyncDisposable[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one[Symbol.asyncDispose]()));
});

/** A server that answers every connection so; its port. */
const serverThat = async (answers: (socket: Socket, count: number) => void): Promise<number> => {
  let count = 0;
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => answers(socket, count++));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  opened.push(server);
  return (server.address() as AddressInfo).port;
};

const dated = (second: number): string =>
  `HTTP/1.1 400 Bad Request\r\nDate: ${new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toUTCString()}\r\nConnection: close\r\n\r\n`;

it("asks twice, and says how long it was between the answers at least and at most", async () => {
  const port = await serverThat((socket, count) => socket.end(dated(count * 10)));
  const dates = await datesOf("127.0.0.1", [port], 100);
  expect(dates?.saidMs).toBe(10_000);
  // A timer of Node may be a millisecond early.
  expect(dates?.leastMs).toBeGreaterThanOrEqual(99);
  expect(dates?.mostMs).toBeGreaterThanOrEqual(dates?.leastMs ?? Infinity);
});

it("takes the first port whose responses have a date", async () => {
  const silent = await serverThat((socket) => socket.destroy());
  const undated = await serverThat((socket) => socket.end("HTTP/1.1 200 OK\r\n\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n"));
  const port = await serverThat((socket, count) => socket.end(dated(count)));
  expect((await datesOf("127.0.0.1", [silent, undated, port], 1))?.saidMs).toBe(1000);
  expect(await datesOf("127.0.0.1", [silent, undated], 1)).toBeNull();
});

it("reads a header section that comes in pieces, and does not wait for the end of the response", async () => {
  const port = await serverThat((socket) => {
    socket.write("HTTP/1.1 400 Bad Request\r\nDa");
    setImmediate(() => socket.write(dated(1).split("\r\nDa")[1] ?? ""));
  });
  expect((await datesOf("127.0.0.1", [port], 1))?.saidMs).toBe(0);
});
