import type { MessageEvent } from "./http1-message.ts";

export interface Body {
  readonly complete: boolean;
  /** Takes the part of bytes[from…] that belongs to the body and returns the index after it; `base` is the wire offset of bytes[0]. */
  read(bytes: Uint8Array, from: number, base: number, events: MessageEvent[]): number;
  /** What is missing if the peer closes now; null if closing is the legal end. */
  missing(): string | null;
}

export function closeDelimited(): Body {
  return {
    complete: false,
    read(bytes, from, base, events) {
      return content(bytes, from, bytes.length, base, events);
    },
    missing: () => null,
  };
}

export class FixedLength implements Body {
  readonly #length: number;
  #left: number;

  constructor(length: number) {
    this.#length = length;
    this.#left = length;
  }

  get complete(): boolean {
    return this.#left === 0;
  }

  read(bytes: Uint8Array, from: number, base: number, events: MessageEvent[]): number {
    const next = content(bytes, from, Math.min(bytes.length, from + this.#left), base, events);
    this.#left -= next - from;
    return next;
  }

  missing(): string {
    return `closed inside the body, ${this.#length - this.#left} of ${this.#length} bytes of Content-Length,`;
  }
}

export function content(bytes: Uint8Array, from: number, to: number, base: number, events: MessageEvent[]): number {
  if (to > from) events.push({ kind: "content", bytes: bytes.subarray(from, to), offset: base + to });
  return to;
}
