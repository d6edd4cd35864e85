import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import { now } from "./clock.ts";

const readsPerSecond = 20;
const smallestRead = 512;
const largestRead = 64 * 1024;

const sizeOf = (bytesPerSecond: number): number =>
  Math.round(Math.min(largestRead, Math.max(smallestRead, bytesPerSecond / readsPerSecond)));

/** Reads small portions, each followed by a pause for the rate. */
export const slowReading = (bytesPerSecond: number, read: (bytes: Buffer) => void, socketOf: () => Socket) => {
  let mayReadAt = 0;
  return {
    onread: {
      buffer: Buffer.alloc(sizeOf(bytesPerSecond)),
      callback: (bytes: number, buffer: Uint8Array): boolean => {
        // The buffer is reused by the next read.
        read(Buffer.from(buffer.subarray(0, bytes)));
        mayReadAt = Math.max(mayReadAt, now()) + (1000 * bytes) / bytesPerSecond;
        setTimeout(() => socketOf().resume(), Math.max(0, mayReadAt - now()));
        return false;
      },
    },
  };
};

/** The same for a stream above TCP, which has a buffer of its own. */
export const readSlowly = (stream: Readable, bytesPerSecond: number, take: (bytes: Buffer) => void): void => {
  const size = sizeOf(bytesPerSecond);
  let mayReadAt = 0;
  let timer: NodeJS.Timeout | null = null;
  const readOn = (): void => {
    timer = null;
    const bytes = stream.read(Math.min(size, stream.readableLength) || undefined) as Buffer | null;
    if (bytes === null) return;
    take(bytes);
    mayReadAt = Math.max(mayReadAt, now()) + (1000 * bytes.length) / bytesPerSecond;
    timer = setTimeout(readOn, Math.max(0, mayReadAt - now()));
  };
  stream.on("readable", () => void (timer ?? readOn()));
};
