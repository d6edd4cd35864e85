// Passes bytes on unchanged, with backpressure, ends and resets. A socket has no reset: there its peer sees the end.
import { connect } from "node:net";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Address } from "../protocol.ts";
import { sendQueueDrained } from "../send-queue.ts";

export const toTap = ({ host, port }: Address): Socket => connect({ host, port, noDelay: true, allowHalfOpen: true });

/** After what was written before has left. */
export const reset = async (stream: Duplex, raw: Socket): Promise<void> => {
  if (stream.writableLength > 0) await new Promise((resolve) => stream.once("drain", resolve).once("close", resolve));
  if (raw.remotePort === undefined) {
    raw.destroy();
    return;
  }
  await sendQueueDrained(raw);
  if (!raw.destroyed) raw.resetAndDestroy();
};

export const passBytes = (from: Duplex, raw: Socket, target: Address): void => {
  const to = toTap(target);
  link(from, to, () => void reset(to, to));
  link(to, from, () => void reset(from, raw));
};

const link = (from: Duplex, to: Duplex, lost: () => void): void => {
  from.on("data", (bytes: Buffer) => {
    if (!to.destroyed && !to.write(bytes)) from.pause();
  });
  to.on("drain", () => from.resume());
  from.on("end", () => void (to.destroyed || to.end()));
  from.on("error", lost);
  from.on("close", () => {
    if (!from.readableEnded && !to.destroyed) lost();
  });
};
