// One tapped connection: two sockets, each passed on to the other unchanged. What one neighbor does (bytes, FIN, RST, not reading) is done to
// the other.
//
//   downstream neighbor ── #downstream │ #upstream ── upstream neighbor
//             request bytes ──►                ◄── response bytes
import type { Socket } from "node:net";
import type { Closing } from "../model/recording.ts";
import { BlockedLog } from "./blocked.ts";
import { now } from "./clock.ts";
import { mayBeUnsent, sendQueueDrained } from "./send-queue.ts";
import { type IsActive, type KeepBytesOf, PartLog } from "./tap-parts.ts";
import { Latch, Tally } from "./wait.ts";

type Neighbor = "downstream" | "upstream";

interface Side {
  name: Neighbor;
  socket: Socket;
  /** Its FIN was read. */
  hasEnded: boolean;
  /** The reset of the other neighbor: this one is reset after the bytes before it are sent. */
  dueReset: Closing | null;
  lastWriteAt: number;
  /** Bytes written since its last input. */
  unansweredBytes: number;
  probeTimer: NodeJS.Timeout | null;
}

/** A write fails with EPIPE instead of ECONNRESET if an unread FIN arrived before the RST (tcp_reset in Linux). */
export const endedBefore = (error: NodeJS.ErrnoException): boolean => error.code === "EPIPE";

const sideOf = (name: Neighbor, socket: Socket): Side => ({
  name,
  socket,
  hasEnded: false,
  dueReset: null,
  lastWriteAt: 0,
  unansweredBytes: 0,
  probeTimer: null,
});

export interface TapConnectionOptions {
  number: number;
  downstream: Socket;
  upstream: Socket;
  keepBytes: number;
  isActive: IsActive;
  keepBytesOf?: KeepBytesOf;
}

/** How often to check whether a neighbor that sent FIN has also sent RST: reads still report the end, and only a write, even of no bytes, shows
 *  it. Without the check a tap would pass the RST on one write late. The interval grows with the time since the last write, so that a chain of
 *  taps adds only a fraction. */
const probePause = { firstMs: 1, share: 0.25, longestMs: 20 } as const;
const nothing = Buffer.alloc(0);
/** A refused upstream is passed on as a reset, once the request is known, so that it is recorded with the request. */
const awaitRequestMs = 1000;

export class TapConnection {
  readonly number: number;
  readonly openedAt = now();
  connectedAt: number | null = null;
  readonly parts: PartLog;
  /** As in the parts, for a client with encrypted bytes. */
  readonly blocked = new BlockedLog();
  /** The port of the downstream neighbor. */
  readonly downstreamPort: number;
  readonly bytesFromUpstream = new Tally();
  readonly closed = new Latch();
  readonly upstreamConnected = new Latch();
  /** The port that the upstream neighbor sees. */
  upstreamPort = 0;
  readonly #downstream: Side;
  readonly #upstream: Side;
  #resetsBehind = Infinity;

  constructor({ number, downstream, upstream, keepBytes, isActive, keepBytesOf }: TapConnectionOptions) {
    this.number = number;
    this.parts = new PartLog(keepBytes, isActive, keepBytesOf);
    this.downstreamPort = downstream.remotePort ?? 0;
    this.#downstream = sideOf("downstream", downstream);
    this.#upstream = sideOf("upstream", upstream);
    upstream.once("connect", () => {
      this.connectedAt = now();
      this.upstreamPort = upstream.localPort ?? 0;
      this.upstreamConnected.trip();
    });
    this.#listen(this.#downstream, this.#upstream);
    this.#listen(this.#upstream, this.#downstream);
  }

  /** The origin resets directly after this byte: the last bytes and the reset are passed on together. A busy tap that read them one after the
   *  other would separate them. */
  resetsBehind(bytes: number): void {
    this.#resetsBehind = bytes;
  }

  /** Destroys the connection without waiting. */
  destroy(): void {
    for (const { socket } of [this.#downstream, this.#upstream]) if (!socket.destroyed) socket.resetAndDestroy();
  }

  #listen(side: Side, other: Side): void {
    const { socket } = side;
    socket.on("data", (bytes: Buffer) => this.#pass(side, other, bytes));
    socket.on("end", () => {
      side.hasEnded = true;
      side.lastWriteAt = now();
      this.#note(side.name, "fin");
      if (!other.socket.destroyed) other.socket.end();
      this.#probe(side);
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      // Bytes read while paused are still in the buffer of the stream, and would be lost.
      for (let bytes: unknown; (bytes = socket.read()) !== null;) this.#pass(side, other, bytes as Buffer);
      this.#lost(side, other, error);
    });
    socket.on("close", () => {
      if (this.#downstream.socket.destroyed && this.#upstream.socket.destroyed) this.closed.trip();
    });
  }

  #note(by: Neighbor, how: "fin" | "reset"): Closing {
    const closing: Closing = { at: now(), by, how };
    this.parts.closing(closing);
    return closing;
  }

  #pass(from: Side, to: Side, bytes: Buffer): void {
    const at = now();
    from.unansweredBytes = 0;
    if (from.name === "upstream") {
      this.parts.responseBytes(at, bytes);
      this.bytesFromUpstream.raise(this.bytesFromUpstream.value + bytes.length);
    } else this.parts.requestBytes(at, bytes);
    const { socket } = to;
    if (socket.destroyed || socket.writableEnded) return;
    socket.write(bytes, () => this.#afterWrite(from, to));
    to.lastWriteAt = at;
    to.unansweredBytes += bytes.length;
    if (to.hasEnded) this.#probe(to);
    if (socket.writableLength === 0) {
      if (from.name === "upstream" && this.bytesFromUpstream.value >= this.#resetsBehind) this.#resetAtOnce(to);
      return;
    }
    from.socket.pause();
    if (from.name === "upstream") this.#blocked(at);
  }

  #afterWrite(from: Side, to: Side): void {
    if (to.socket.writableLength > 0) return;
    if (to.dueReset) void this.#reset(to, to.dueReset);
    else if (from.socket.isPaused()) {
      if (from.name === "upstream") this.#unblocked();
      from.socket.resume();
    }
  }

  #blocked(at: number): void {
    this.parts.blocked(at);
    this.blocked.blocked(at);
  }

  #unblocked(): void {
    const at = now();
    this.parts.unblocked(at);
    this.blocked.unblocked(at);
  }

  #lost(side: Side, other: Side, error: NodeJS.ErrnoException): void {
    const hasLeftByFin = endedBefore(error) && !side.hasEnded;
    if (hasLeftByFin) this.#note(side.name, "fin");
    const isPassedOn = side.name === "upstream" && this.bytesFromUpstream.value >= this.#resetsBehind && other.socket.destroyed;
    const closing = isPassedOn ? null : this.#note(side.name, "reset");
    if (side.name === "downstream") this.#unblocked();
    if (other.socket.destroyed || closing === null) return;
    if (hasLeftByFin) other.socket.end();
    if (side.name === "upstream" && this.connectedAt === null) this.#refuse(other);
    else if (other.socket.writableLength > 0 && !other.socket.connecting) {
      closing.passedAt = null;
      other.dueReset = closing;
    } else void this.#reset(other, closing);
  }

  /** A reset discards what the kernel has not sent yet, so it waits for that. */
  async #reset(side: Side, closing: Closing): Promise<void> {
    side.dueReset = null;
    if (mayBeUnsent(side.unansweredBytes, now() - side.lastWriteAt)) {
      closing.passedAt = null;
      await sendQueueDrained(side.socket);
    }
    side.socket.resetAndDestroy();
    if (closing.passedAt === null) closing.passedAt = now();
  }

  #resetAtOnce({ socket }: Side): void {
    this.#note("upstream", "reset");
    socket.resetAndDestroy();
  }

  #refuse(downstream: Side): void {
    const { socket } = downstream;
    if (socket.bytesRead > 0) {
      socket.resetAndDestroy();
      return;
    }
    const timer = setTimeout(() => socket.resetAndDestroy(), awaitRequestMs);
    socket.once("data", () => socket.resetAndDestroy());
    socket.once("end", () => socket.resetAndDestroy());
    socket.once("close", () => clearTimeout(timer));
  }

  #probe(side: Side): void {
    const { socket } = side;
    if (side.probeTimer !== null) clearTimeout(side.probeTimer);
    const pauseMs = Math.max(probePause.firstMs, Math.min(probePause.longestMs, probePause.share * (now() - side.lastWriteAt)));
    side.probeTimer = setTimeout(() => {
      if (socket.destroyed || socket.writableEnded) return;
      if (socket.writableLength === 0) socket.write(nothing);
      this.#probe(side);
    }, pauseMs);
  }
}
