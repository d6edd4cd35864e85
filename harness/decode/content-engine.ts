import type { Transform } from "node:stream";
import type { Zlib } from "node:zlib";

/** A part of a coded stream with an end of its own: a gzip member, a zstd frame, a whole brotli stream. */
export interface Unit {
  /** Decodes into the sink. Fewer bytes used than given: the unit ended after them. Rejects with Corrupt only. */
  push(bytes: Uint8Array, sink: Sink): Promise<{ used: number; ended: boolean }>;
  /** No more bytes come; resolves to whether the unit's end was seen. */
  finish(sink: Sink): Promise<boolean>;
}

/** Returns false when no more may be decoded. */
export type Sink = (decoded: Uint8Array) => boolean;

export class Corrupt extends Error {
  /** "unit": not even the beginning of a unit; "after-unit": the same, after a whole unit. */
  readonly foreign: "no" | "unit" | "after-unit";

  constructor(fault: string, foreign: Corrupt["foreign"] = "no") {
    super(fault);
    this.foreign = foreign;
  }
}

const ZSTD_MAGIC_BYTES = 4;

/**
 * One zlib stream. When a push resolves, all that the pushed bytes make decodable is in the sink, without timers.
 * Exception: for corrupt bytes, zlib drops the output of the call that found the fault (up to 16 kB).
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
    // Node calls the callback of write when all bytes are decoded, but never if the coding ends before the last of them. Then it only ends the
    // readable side, and bytesWritten is how many it used.
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
    return new Corrupt(error.message, this.#used < ZSTD_MAGIC_BYTES ? "unit" : "after-unit");
  }

  #settled(sink: Sink, act: (settle: (error?: Error | null) => void) => void): Promise<void> {
    this.#sink = sink;
    return new Promise((resolve) => {
      if (this.#stream.destroyed) return resolve();
      this.#settle = resolve;
      act((error) => {
        if (error) return; // "error" and "close" follow
        // Node 24 has emitted all output by now, but does not document it: reading emits anything still queued.
        while (this.#stream.read() !== null);
        resolve();
      });
    });
  }
}
