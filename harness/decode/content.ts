// Decodes the content coding of a recorded response piece by piece, to know which decoded byte was available when.

import { Corrupt, type Unit } from "./content-engine.ts";
import { UNITS, type UnitKind } from "./content-units.ts";
import { type Header, headerValue } from "./http1-message.ts";

export type Coding = "identity" | "gzip" | "deflate" | "br" | "zstd";

export interface ContentDecoder {
  /** All that is decodable so far. `bytes` must not change until this resolves; it never rejects. */
  push(bytes: Uint8Array): Promise<Uint8Array>;
  /** `complete`: the end of the coding was seen, with correct checksums. Identity has no end and is always complete. */
  finish(): Promise<{ bytes: Uint8Array; complete: boolean; problem: string | null }>;
  /** Gzip members or zstd frames begun so far; 0 if the coding has no such units. */
  readonly units: number;
}

const CODINGS: Record<string, Coding> = {
  identity: "identity",
  gzip: "gzip",
  "x-gzip": "gzip",
  deflate: "deflate",
  br: "br",
  zstd: "zstd",
};

export function codingOf(headers: readonly Header[]): Coding | "unknown" {
  const field = headerValue(headers, "content-encoding");
  if (field === null || field === "") return "identity";
  const name = field.toLowerCase();
  return Object.hasOwn(CODINGS, name) ? (CODINGS[name] ?? "unknown") : "unknown";
}

/** A compression bomb must not fill the memory. */
const MAX_DECODED_BYTES = 256 * 1024 * 1024;

export function contentDecoder(coding: Coding, maxDecodedBytes: number = MAX_DECODED_BYTES): ContentDecoder {
  return coding === "identity" ? new Identity() : new Decoder(coding, UNITS[coding], maxDecodedBytes);
}

const NOTHING: Uint8Array = new Uint8Array(0);

class Identity implements ContentDecoder {
  readonly units = 0;

  push(bytes: Uint8Array): Promise<Uint8Array> {
    return Promise.resolve(bytes);
  }

  finish(): ReturnType<ContentDecoder["finish"]> {
    return Promise.resolve({ bytes: NOTHING, complete: true, problem: null });
  }
}

class Decoder implements ContentDecoder {
  readonly #coding: string;
  readonly #kind: UnitKind;
  readonly #maxDecodedBytes: number;
  #unit: Unit | null = null;
  #unitBytes = 0;
  #wholeUnits = 0;
  #problem: string | null = null;
  #excessBytes = 0;
  #decodedBytes = 0;
  #finished = false;
  #decoded: Uint8Array[] = [];
  /** Pushes that are not awaited still run one after another. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(coding: string, kind: UnitKind, maxDecodedBytes: number) {
    this.#coding = coding;
    this.#kind = kind;
    this.#maxDecodedBytes = maxDecodedBytes;
  }

  get units(): number {
    return this.#wholeUnits + (this.#unit === null ? 0 : 1);
  }

  push(bytes: Uint8Array): Promise<Uint8Array> {
    return this.#inTurn(async () => {
      await this.#guarded(() => this.#decode(bytes));
      return this.#take();
    });
  }

  finish(): ReturnType<ContentDecoder["finish"]> {
    return this.#inTurn(async () => {
      this.#finished = true;
      let complete = this.#wholeUnits > 0;
      const unit = this.#unit;
      if (unit !== null) {
        await this.#guarded(async () => {
          complete = await unit.finish(this.#sink);
        });
        this.#unit = null;
      }
      const bytes = this.#take();
      if (this.#excessBytes === 0) return { bytes, complete: complete && this.#problem === null, problem: this.#problem };
      return { bytes, complete: true, problem: `${this.#excessBytes} bytes after the end of the ${this.#coding} content` };
    });
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(act);
    this.#turn = done;
    return done;
  }

  async #guarded(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof Corrupt)) throw error;
      this.#problem ??= `corrupt ${this.#coding} content: ${error.message}`;
    }
  }

  async #decode(bytes: Uint8Array): Promise<void> {
    let rest = bytes;
    while (rest.length > 0 && this.#problem === null && !this.#finished) {
      if (this.#excessBytes > 0 || (this.#unit === null && this.#wholeUnits > 0 && !this.#kind.repeats)) {
        this.#excessBytes += rest.length;
        return;
      }
      rest = rest.subarray(await this.#feed(rest));
    }
  }

  /** Returns how many bytes were used. */
  async #feed(bytes: Uint8Array): Promise<number> {
    this.#unit ??= this.#kind.open();
    try {
      const { used, ended } = await this.#unit.push(bytes, this.#sink);
      this.#unitBytes += used;
      if (ended) {
        this.#unit = null;
        this.#unitBytes = 0;
        this.#wholeUnits++;
      }
      return used;
    } catch (error) {
      const excess = error instanceof Corrupt && (error.foreign === "after-unit" || (error.foreign === "unit" && this.#wholeUnits > 0));
      if (!excess) throw error;
      this.#excessBytes = bytes.length + (error.foreign === "unit" ? this.#unitBytes : 0);
      this.#unit = null;
      return bytes.length;
    }
  }

  readonly #sink = (decoded: Uint8Array): boolean => {
    const room = this.#maxDecodedBytes - this.#decodedBytes;
    this.#decodedBytes += decoded.length;
    this.#decoded.push(decoded.subarray(0, Math.max(0, room)));
    if (decoded.length <= room) return true;
    this.#problem ??= `more than ${this.#maxDecodedBytes} bytes of decoded ${this.#coding} content`;
    return false;
  };

  #take(): Uint8Array {
    const [only = NOTHING, ...more] = this.#decoded;
    this.#decoded = [];
    return more.length === 0 ? only : Buffer.concat([only, ...more]);
  }
}
