import { constants, crc32, createInflateRaw } from "node:zlib";
import { Corrupt, Engine, type Sink, type Unit } from "./content-engine.ts";

const FLAG_HEADER_CRC = 0x02;
const FLAG_EXTRA = 0x04;
const FLAG_NAME = 0x08;
const FLAG_COMMENT = 0x10;
const RESERVED_FLAGS = 0xe0;
const MAGIC = [0x1f, 0x8b];
const FIXED_HEADER_BYTES = 10;
const TRAILER_BYTES = 8;

/**
 * One gzip member (RFC 1952). Header and trailer are read here, because zlib's gunzip does not report where a member ends, and treats
 * padding or junk after the last one as nothing or as a truncated member.
 */
export class GzipMember implements Unit {
  readonly #header = headerReader();
  #inHeader = true;
  readonly #deflated = new Engine(createInflateRaw({ flush: constants.Z_SYNC_FLUSH }));
  #trailer: Buffer | null = null;
  #trailerBytes = 0;
  #crc = 0;
  #length = 0;

  async push(bytes: Uint8Array, sink: Sink): Promise<{ used: number; ended: boolean }> {
    let used = 0;
    while (this.#inHeader && used < bytes.length) this.#inHeader = this.#header.next(bytes[used++] ?? 0).done !== true;
    if (this.#trailer === null && used < bytes.length) {
      const deflated = await this.#deflated.push(bytes.subarray(used), this.#summing(sink));
      used += deflated.used;
      if (deflated.ended) this.#trailer = Buffer.alloc(TRAILER_BYTES);
    }
    if (this.#trailer !== null) {
      const piece = bytes.subarray(used, used + TRAILER_BYTES - this.#trailerBytes);
      this.#trailer.set(piece, this.#trailerBytes);
      this.#trailerBytes += piece.length;
      used += piece.length;
      if (this.#trailerBytes === TRAILER_BYTES) this.#check(this.#trailer);
    }
    return { used, ended: this.#trailerBytes === TRAILER_BYTES };
  }

  async finish(sink: Sink): Promise<boolean> {
    await this.#deflated.finish(this.#summing(sink));
    return false;
  }

  #summing(sink: Sink): Sink {
    return (decoded) => {
      this.#crc = crc32(decoded, this.#crc);
      this.#length += decoded.length;
      return sink(decoded);
    };
  }

  #check(trailer: Buffer): void {
    const crc = trailer.readUInt32LE(0);
    if (crc !== this.#crc) throw new Corrupt(`the gzip trailer has CRC ${hex(crc)}, the decoded content ${hex(this.#crc)}`);
    const length = trailer.readUInt32LE(4);
    if (length !== this.#length % 2 ** 32) {
      throw new Corrupt(`the gzip trailer has length ${length}, the decoded content ${this.#length}`);
    }
  }
}

/** Takes the header one byte per next() and is done with its last one. */
function headerReader(): Generator<void, void, number> {
  const reader = readHeader();
  reader.next();
  return reader;
}

function* readHeader(): Generator<void, void, number> {
  let crc = 0;
  const take = (byte: number): number => {
    crc = crc32(Uint8Array.of(byte), crc);
    return byte;
  };
  const fixed: number[] = [];
  while (fixed.length < FIXED_HEADER_BYTES) {
    const byte = take(yield);
    const magic = MAGIC[fixed.length];
    if (magic !== undefined && byte !== magic) throw new Corrupt("no gzip header (1f 8b)", "unit");
    fixed.push(byte);
  }
  const [, , method, flags = 0] = fixed;
  if (method !== 8) throw new Corrupt(`gzip compression method ${method} instead of 8`);
  if ((flags & RESERVED_FLAGS) !== 0) throw new Corrupt(`reserved gzip flags ${hex(flags)}`);
  if ((flags & FLAG_EXTRA) !== 0) {
    const low = take(yield);
    for (let left = low + 256 * take(yield); left > 0; left--) take(yield);
  }
  if ((flags & FLAG_NAME) !== 0) while (take(yield) !== 0);
  if ((flags & FLAG_COMMENT) !== 0) while (take(yield) !== 0);
  if ((flags & FLAG_HEADER_CRC) !== 0) {
    const wanted = crc & 0xffff;
    const found = (yield) + 256 * (yield);
    if (found !== wanted) throw new Corrupt(`the gzip header has CRC ${hex(found)} instead of ${hex(wanted)}`);
  }
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
