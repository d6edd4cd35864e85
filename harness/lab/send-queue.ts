// How many bytes the kernel still holds for a connection, from /proc/net/tcp: a reset discards them, and Node has no call for it.
import { readFile } from "node:fs/promises";
import type { Socket } from "node:net";

const tables = ["/proc/net/tcp", "/proc/net/tcp6"] as const;
const firstPauseMs = 1;
const longestPauseMs = 50;
/** Ten Ethernet segments: what a connection sends without an acknowledgement (RFC 6928). A rest below this that does not shrink was sent, and
 *  only its delayed acknowledgement is missing. */
const sentAtOnceBytes = 14_480;
/** What a receiver buffers without reading, and the longest transit between neighbors on one machine. */
const takenUnreadBytes = 60_000;
const onItsWayMs = 5;

/** Reading the table takes milliseconds with a thousand sockets, so it is read only if something can be left. */
export const mayBeUnsent = (bytesWritten: number, sinceMs: number): boolean =>
  bytesWritten > takenUnreadBytes || (bytesWritten > sentAtOnceBytes && sinceMs < onItsWayMs);

/** Resolves when everything is sent or the connection is gone. Without /proc it does not wait. */
export const sendQueueDrained = async (socket: Socket): Promise<void> => {
  let before = Infinity;
  for (let pauseMs = firstPauseMs; !socket.destroyed && socket.remotePort !== undefined;) {
    const queued = await queuedBytes(socket.localPort ?? 0, socket.remotePort);
    if (queued === null || queued === 0 || (queued === before && queued <= sentAtOnceBytes)) return;
    pauseMs = queued < before ? firstPauseMs : Math.min(2 * pauseMs, longestPauseMs);
    before = queued;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
};

const queuedBytes = async (localPort: number, remotePort: number): Promise<number | null> => {
  for (const table of tables) {
    const found = new RegExp(`:${hex(localPort)} [0-9A-F]+:${hex(remotePort)} [0-9A-F]{2} ([0-9A-F]{8}):`).exec(await textOf(table));
    if (found) return Number.parseInt(found[1] ?? "0", 16);
  }
  return null;
};

const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, "0");

interface Reader {
  running: Promise<string> | null;
  next: Promise<string> | null;
}

const readers = new Map<string, Reader>();

/** Connections that are reset together share the next reading. */
const textOf = (table: string): Promise<string> => {
  const reader = readers.get(table) ?? { running: null, next: null };
  readers.set(table, reader);
  const read = async (): Promise<string> => {
    reader.next = null;
    reader.running = readFile(table, "latin1").catch(() => "");
    const text = await reader.running;
    reader.running = null;
    return text;
  };
  if (reader.running === null) return (reader.next ??= Promise.resolve().then(read));
  return (reader.next ??= reader.running.then(read));
};
