import type { Socket } from "node:net";
import { now } from "./clock.ts";

const readsPerSecond = 20;
const smallestRead = 512;
const largestRead = 64 * 1024;

/** Reads small portions, each followed by as long a rest as the rate asks for. */
export const slowReading = (bytesPerSecond: number, read: (bytes: Buffer) => void, socketOf: () => Socket) => {
  const size = Math.round(Math.min(largestRead, Math.max(smallestRead, bytesPerSecond / readsPerSecond)));
  let mayReadAt = 0;
  return {
    onread: {
      buffer: Buffer.alloc(size),
      callback: (bytes: number, buffer: Uint8Array): boolean => {
        // The buffer is used again for the next read.
        read(Buffer.from(buffer.subarray(0, bytes)));
        mayReadAt = Math.max(mayReadAt, now()) + (1000 * bytes) / bytesPerSecond;
        setTimeout(() => socketOf().resume(), Math.max(0, mayReadAt - now()));
        return false;
      },
    },
  };
};
