import type { Transform } from "node:stream";
import type { Zlib } from "node:zlib";

/** A piece of a coded stream with an end of its own: a gzip member, a zstd frame, the whole of a brotli stream. */
export interface Unit {
  /** Hands what can be decoded to the sink. Fewer bytes used than given: the unit ended behind them. Rejects with Corrupt only. */
  push(bytes: Uint8Array, sink: Sink): Promise<{ used: number; ended: boolean }>;
  /** No more bytes come; resolves to whether the unit's end was seen. */
  finish(sink: Sink): Promise<boolean>;
}

/** Returns false when no more may be decoded. */
export type Sink = (decoded: Uint8Array) => boolean;

export class Corrupt extends Error {
  /** "unit": not even the beginning of a unit; "behind-unit": that, and a whole unit lies before it. */
  readonly foreign: "no" | "unit" | "behind-unit";

  constructor(fault: string, foreign: Corrupt["foreign"] = "no") {
    super(fault);
    this.foreign = foreign;
  }
}

const ZSTD_MAGIC_BYTES = 4;

/**
 * One zlib stream. When a push resolves, all that the pushed bytes make decodable is in the sink, without timers.
 * Only where they are corrupt, zlib keeps back what it decoded in the very call that met the fault (up to 16 kB).
 */
export class Engine implements Unit {
  readonly #stream: Transform & Zlib;
  #sink: Sink = () => false;
  #settle: () => void = () => {};
  #error: NodeJS.ErrnoException | null = null;
  #ended = false;
  #used = 0;

  constructor(stream: Transform & Zlib) {
    this.#stream = stream;
    stream.on("data", (decoded: Uint8Array) => {
      if (!this.#sink(decoded)) stream.destroy();
    });
    stream.on("end", () => {
      this.#ended = true;
      this.#settle();
    });
    stream.on("error", (error) => {
      this.#error = error;
    });
    stream.on("close", () => this.#settle());
  }

  async push(bytes: Uint8Array, sink: Sink): Promise<{ used: number; ended: boolean }> {
    // Node calls the write's callback when all bytes are decoded, yet never when the coding's own end lies before the last of them:
    // then it only ends the readable side, and bytesWritten tells how many it took.
    await this.#settled(sink, (settle) => this.#stream.write(bytes, settle));
    if (this.#error !== null) throw this.#corrupt(this.#error);
    const used = this.#stream.bytesWritten - this.#used;
    this.#used += used;
    if (this.#ended) this.#stream.destroy();
    return { used, ended: this.#ended };
  }

  async finish(sink: Sink): Promise<boolean> {
    await this.#settled(sink, () => this.#stream.end());
    if (this.#error !== null && this.#error.code !== "Z_BUF_ERROR") throw this.#corrupt(this.#error);
    return this.#ended;
  }

  #corrupt(error: NodeJS.ErrnoException): Corrupt {
    if (error.code !== "ZSTD_error_prefix_unknown") return new Corrupt(error.message);
    return new Corrupt(error.message, this.#used < ZSTD_MAGIC_BYTES ? "unit" : "behind-unit");
  }

  #settled(sink: Sink, act: (settle: (error?: Error | null) => void) => void): Promise<void> {
    this.#sink = sink;
    return new Promise((resolve) => {
      if (this.#stream.destroyed) return resolve();
      this.#settle = resolve;
      act((error) => {
        if (error) return; // "error" and "close" follow
        // Node 24 has emitted all output by now, but promises it nowhere: reading emits what a stream may still queue.
        while (this.#stream.read() !== null);
        resolve();
      });
    });
  }
}
