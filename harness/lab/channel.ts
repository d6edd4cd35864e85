// Frames over any duplex stream.
import type { Duplex } from "node:stream";
import { encodeFrame, frameDecoder, type FrameLimits, frameLimits } from "./frames.ts";

export interface FrameChannel {
  send: (value: unknown) => void;
  /** Flushes, then ends this side. */
  end: () => void;
  destroy: () => void;
}

export interface FrameListener {
  onFrame: (value: unknown) => void;
  /** One call: the other side ended or was lost; with a sentence if it sent something other than a frame. */
  onClosed: (fault: string | null) => void;
}

export const frameChannel = (duplex: Duplex, { onFrame, onClosed }: FrameListener, limits: FrameLimits = frameLimits): FrameChannel => {
  const decode = frameDecoder(limits);
  let isClosed = false;
  const close = (fault: string | null): void => {
    if (isClosed) return;
    isClosed = true;
    duplex.destroy();
    onClosed(fault);
  };
  duplex.on("data", (bytes: Buffer) => {
    let values: unknown[];
    try {
      values = decode(bytes);
    } catch (error) {
      close((error as Error).message);
      return;
    }
    for (const value of values) if (!isClosed) onFrame(value);
  });
  duplex.on("end", () => close(null));
  duplex.on("close", () => close(null));
  // A killed peer may end with a reset. Its exit status is reported by the owner of its process.
  duplex.on("error", () => close(null));
  return {
    send: (value) => {
      if (isClosed || duplex.writableEnded) return;
      const pieces = encodeFrame(value);
      duplex.cork();
      for (const piece of pieces) duplex.write(piece);
      duplex.uncork();
    },
    end: () => duplex.end(),
    destroy: () => close(null),
  };
};
