// One tapped connection: two sockets, each passed on to the other without a change. What one neighbour does (bytes, FIN, RST, not
// reading) is done to the other.
//
//   downstream neighbour ── #downstream │ #upstream ── upstream neighbour
//              request bytes ──►                ◄── response bytes
import type { Socket } from "node:net";
import { now } from "./clock.ts";
import { mayBeUnsent, sendQueueDrained } from "./send-queue.ts";
import { type IsActive, PartLog } from "./tap-parts.ts";
import { Latch, Tally } from "./wait.ts";

type Neighbour = "downstream" | "upstream";

interface Side {
  name: Neighbour;
  socket: Socket;
  /** Its FIN was read. */
  hasEnded: boolean;
  /** The other neighbour reset: this one is reset as soon as it was sent what came before. */
  resetIsDue: boolean;
  lastWriteAt: number;
  /** Bytes written since it last said something: what it asks next, it asks when it has what came before. */
  unansweredBytes: number;
  probeTimer: NodeJS.Timeout | null;
}

/** A write fails with EPIPE, and not with ECONNRESET, if a FIN came before the RST, although it was not read yet (tcp_reset in Linux). */
export const endedBefore = (error: NodeJS.ErrnoException): boolean => error.code === "EPIPE";

const sideOf = (name: Neighbour, socket: Socket): Side => ({
  name,
  socket,
  hasEnded: false,
  resetIsDue: false,
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
}

/** How often to look whether a neighbour that has sent FIN has gone altogether: after an RST behind a FIN, reads still say "end", and
 *  only a write, of no bytes too, tells. Without this a tap would pass the RST on one write late. It is looked for in pauses that
 *  grow with the time since the last write, so that what a chain of taps adds stays a fraction of what it took. */
const probePause = { firstMs: 1, share: 0.25, longestMs: 20 } as const;
const nothing = Buffer.alloc(0);
/** An upstream that cannot be connected to is passed on as a reset once the request is known, so that it can be recorded as its. */
const awaitRequestMs = 1000;

export class TapConnection {
  readonly number: number;
  readonly openedAt = now();
  connectedAt: number | null = null;
  readonly parts: PartLog;
  readonly bytesFromUpstream = new Tally();
  readonly closed = new Latch();
  readonly upstreamConnected = new Latch();
  /** The port that the upstream neighbour sees. */
  upstreamPort = 0;
  readonly #downstream: Side;
  readonly #upstream: Side;
  #resetsBehind = Infinity;

  constructor({ number, downstream, upstream, keepBytes, isActive }: TapConnectionOptions) {
    this.number = number;
    this.parts = new PartLog(keepBytes, isActive);
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

  /** The origin resets directly behind this byte: its last bytes and the reset are passed on in one breath, as they came. Seen one
   *  after the other by a tap that has much to do, they would reach the neighbour apart. */
  resetsBehind(bytes: number): void {
    this.#resetsBehind = bytes;
  }

  /** Gives the connection up, without waiting for anything. */
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
      // What was read before but held back while paused is still in the stream's buffer, and would be lost.
      for (let bytes: unknown; (bytes = socket.read()) !== null;) this.#pass(side, other, bytes as Buffer);
      this.#lost(side, other, error);
    });
    socket.on("close", () => {
      if (this.#downstream.socket.destroyed && this.#upstream.socket.destroyed) this.closed.trip();
    });
  }

  #note(by: Neighbour, how: "fin" | "reset"): void {
    this.parts.closing({ at: now(), by, how });
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
    if (from.name === "upstream") this.parts.blocked(at);
  }

  #afterWrite(from: Side, to: Side): void {
    if (to.socket.writableLength > 0) return;
    if (to.resetIsDue) void this.#reset(to);
    else if (from.socket.isPaused()) {
      if (from.name === "upstream") this.parts.unblocked(now());
      from.socket.resume();
    }
  }

  #lost(side: Side, other: Side, error: NodeJS.ErrnoException): void {
    const hasLeftByFin = endedBefore(error) && !side.hasEnded;
    if (hasLeftByFin) this.#note(side.name, "fin");
    if (!(side.name === "upstream" && this.bytesFromUpstream.value >= this.#resetsBehind && other.socket.destroyed))
      this.#note(side.name, "reset");
    if (side.name === "downstream") this.parts.unblocked(now());
    if (other.socket.destroyed) return;
    if (hasLeftByFin) other.socket.end();
    if (side.name === "upstream" && this.connectedAt === null) this.#refuse(other);
    else if (other.socket.writableLength > 0 && !other.socket.connecting) other.resetIsDue = true;
    else void this.#reset(other);
  }

  /** A reset drops what the kernel has not sent yet: it has to wait until that has gone out. */
  async #reset(side: Side): Promise<void> {
    side.resetIsDue = false;
    if (mayBeUnsent(side.unansweredBytes, now() - side.lastWriteAt)) await sendQueueDrained(side.socket);
    side.socket.resetAndDestroy();
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
