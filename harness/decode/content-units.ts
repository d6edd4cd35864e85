import { constants, createBrotliDecompress, createInflate, createInflateRaw, createZstdDecompress } from "node:zlib";
import { Engine, type Sink, type Unit } from "./content-engine.ts";
import { GzipMember } from "./content-gzip.ts";

export interface UnitKind {
  open(): Unit;
  /** Whether another unit may follow: gzip members (RFC 1952 §2.2) and zstd frames (RFC 8878 §3.1) may be joined. */
  repeats: boolean;
}

// RFC 9659 §3: a content coding has windows of at most 8 MB, and browsers refuse larger ones.
const ZSTD_WINDOW_LOG = 23;

export const UNITS = {
  gzip: { repeats: true, open: () => new GzipMember() },
  deflate: { repeats: false, open: () => new DeflateUnit() },
  br: { repeats: false, open: () => new Engine(createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH })) },
  zstd: {
    repeats: true,
    open: () =>
      new Engine(createZstdDecompress({ flush: constants.ZSTD_e_flush, params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG } })),
  },
} satisfies Record<string, UnitKind>;

/** "deflate" is the zlib format (RFC 9110 §8.4.1.2), but some servers send raw deflate, and every client accepts both. */
class DeflateUnit implements Unit {
  #held: Uint8Array = new Uint8Array(0);
  #engine: Engine | null = null;

  async push(bytes: Uint8Array, sink: Sink): Promise<{ used: number; ended: boolean }> {
    if (this.#engine !== null) return this.#engine.push(bytes, sink);
    const start = Buffer.concat([this.#held, bytes]);
    const [first = 0, second] = start;
    const held = this.#held.length;
    if (second === undefined && isZlibMethod(first)) {
      this.#held = start;
      return { used: bytes.length, ended: false };
    }
    const wrapped = isZlibMethod(first) && second !== undefined && (first * 256 + second) % 31 === 0;
    const flush = constants.Z_SYNC_FLUSH;
    this.#engine = new Engine(wrapped ? createInflate({ flush }) : createInflateRaw({ flush }));
    const { used, ended } = await this.#engine.push(start, sink);
    // Neither format can end within a first byte that had to be held.
    return { used: used - held, ended };
  }

  async finish(sink: Sink): Promise<boolean> {
    return (await this.#engine?.finish(sink)) ?? false;
  }
}

/** RFC 1950 §2.2: method 8 with a window of at most 32 kB. As raw deflate it would be a stored block with stray padding. */
function isZlibMethod(byte: number): boolean {
  return (byte & 0x0f) === 8 && byte >> 4 <= 7;
}
