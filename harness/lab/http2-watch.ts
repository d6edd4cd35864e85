// Reads from an HTTP/2 client's frames what node:http2 does not report: whether END_STREAM or a reset ended a stream (node:http2 reports a reset
// with NO_ERROR as an end), and when an exhausted window of this side blocked the other.
import { BlockedLog } from "./blocked.ts";
import type { Interval } from "./blocked.ts";
import { ackFlag, endStreamFlag, errorAt, FrameReader, frameTypes } from "../decode/http2-frames.ts";
import type { Frame } from "../decode/http2-frames.ts";

interface StreamState {
  window: number;
  hasEnded: boolean;
  /** The error that the other side reset it with. */
  resetWith: string | null;
  /** Ended, or reset by either side. */
  isOver: boolean;
  blocked: BlockedLog;
}

const prefaceBytes = 24;
/** RFC 9113 §6.9.2 */
const firstWindow = 65_535;
const initialWindowSetting = 4;

export class Http2Watch {
  /** The error of the other side's last GOAWAY. */
  goaway: string | null = null;
  readonly #onReset: () => void;
  #splits: number[] = [];
  #receivedBytes = 0;
  readonly #streams = new Map<number, StreamState>();
  readonly #received = new FrameReader((frame, left) => this.#take(frame, left));
  readonly #sent = new FrameReader((frame) => this.#sentFrame(frame), prefaceBytes);
  #window = firstWindow;
  #initialWindow = firstWindow;
  #at = 0;

  /** `onReset`: the other side reset a stream, or sent GOAWAY. */
  constructor(onReset: () => void) {
    this.#onReset = onReset;
  }

  /** Returns where to split them: after the last byte of a frame that ends a stream or the connection. */
  received(at: number, bytes: Buffer): number[] {
    this.#at = at;
    this.#splits = [];
    this.#receivedBytes = bytes.length;
    this.#received.push(bytes);
    return this.#splits;
  }

  sent(at: number, bytes: Buffer): void {
    this.#at = at;
    this.#sent.push(bytes);
  }

  /** How the other side ended a stream: by END_STREAM or, without it, by a reset. */
  endOf(stream: number): { hasEnded: boolean; resetWith: string | null } {
    const { hasEnded = false, resetWith = null } = this.#streams.get(stream) ?? {};
    return { hasEnded, resetWith };
  }

  /** When the other side had no window left for a stream, of the stream or of the connection. */
  blockedOf(stream: number, until: number): Interval[] {
    return this.#streams.get(stream)?.blocked.until(until) ?? [];
  }

  #take({ type, flags, stream, bytes, payload }: Frame, leftBytes: number): void {
    const state = this.#streams.get(stream);
    if (type === frameTypes.goaway) this.goaway = errorAt(payload, 4);
    if (type === frameTypes.goaway || type === frameTypes.rstStream) {
      this.#splits.push(this.#receivedBytes - leftBytes - 1);
      this.#onReset();
    }
    if (type === frameTypes.data) {
      this.#window -= bytes;
      if (state) state.window -= bytes;
      this.#mark();
    }
    if (!state || state.isOver) return;
    const mayEnd = type === frameTypes.data || type === frameTypes.headers;
    if (mayEnd && (flags & endStreamFlag) !== 0) state.hasEnded = true;
    if (type === frameTypes.rstStream) state.resetWith = errorAt(payload, 0);
    if (state.hasEnded || state.resetWith !== null) this.#end(state);
  }

  #sentFrame({ type, flags, stream, payload }: Frame): void {
    if (type === frameTypes.settings && (flags & ackFlag) === 0) this.#takeSettings(payload);
    if (type === frameTypes.headers && !this.#streams.has(stream))
      this.#streams.set(stream, {
        window: this.#initialWindow,
        hasEnded: false,
        resetWith: null,
        isOver: false,
        blocked: new BlockedLog(),
      });
    if (type === frameTypes.rstStream) this.#end(this.#streams.get(stream));
    if (type !== frameTypes.windowUpdate || payload.length < 4) return;
    const more = payload.readUInt32BE(0) & 0x7fffffff;
    const state = this.#streams.get(stream);
    if (stream === 0) this.#window += more;
    else if (state) state.window += more;
    this.#mark();
  }

  #takeSettings(payload: Buffer): void {
    for (let at = 0; at + 6 <= payload.length; at += 6)
      if (payload.readUInt16BE(at) === initialWindowSetting) this.#initialWindow = payload.readUInt32BE(at + 2);
  }

  #mark(): void {
    for (const state of this.#streams.values()) {
      if (!state.isOver && (state.window <= 0 || this.#window <= 0)) state.blocked.blocked(this.#at);
      else state.blocked.unblocked(this.#at);
    }
  }

  #end(state: StreamState | undefined): void {
    if (!state) return;
    state.isOver = true;
    state.blocked.unblocked(this.#at);
  }
}
