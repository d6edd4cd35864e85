import { type Body, content } from "./http1-body.ts";
import { fieldLine, LineReader, TOKEN } from "./http1-lines.ts";
import { type Header, Malformed, type MessageEvent } from "./http1-message.ts";

const CR = 0x0d;
const LF = 0x0a;
const MAX_EXTENSION_BYTES = 4096;
const MAX_TRAILER_BYTES = 256 * 1024;
const MAX_SIZE_DIGITS = 16;

const QUOTED = '"(?:[\\t \\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t \\x21-\\x7e\\x80-\\xff])*"';
const EXTENSIONS = new RegExp(`^(?:[ \\t]*;[ \\t]*${TOKEN}(?:[ \\t]*=[ \\t]*(?:${TOKEN}|${QUOTED}))?)*$`);

const FRAMING_FIELD = /^(?:transfer-encoding|content-length)$/i;

type Place = "size" | "extension" | "size-lf" | "data" | "data-cr" | "data-lf" | "trailers" | "done";

/** Chunked transfer coding (RFC 9112 §7.1). Each byte is checked as it arrives, so that a missing line end hides no fault. */
export class Chunked implements Body {
  #place: Place = "size";
  #digits = 0;
  #size = 0;
  #left = 0;
  #extension = new LineReader("chunk extension", MAX_EXTENSION_BYTES);
  readonly #trailerLines = new LineReader("trailer section", MAX_TRAILER_BYTES);
  readonly #trailers: Header[] = [];

  get complete(): boolean {
    return this.#place === "done";
  }

  read(bytes: Uint8Array, from: number, base: number, events: MessageEvent[]): number {
    let next = from;
    while (next < bytes.length && this.#place !== "done") {
      switch (this.#place) {
        case "data":
          next = this.#data(bytes, next, base, events);
          break;
        case "extension":
          next = this.#readExtension(bytes, next, base);
          break;
        case "trailers":
          next = this.#readTrailer(bytes, next, base, events);
          break;
        default:
          if (this.#byte(bytes[next] ?? 0, base + next)) next++;
      }
    }
    return next;
  }

  missing(): string {
    if (this.#place === "trailers") return "closed inside the trailer section of the chunked body";
    const inData = this.#place === "data" ? `, ${this.#size - this.#left} of ${this.#size} bytes into a chunk` : "";
    return `closed inside the chunked body${inData}, no last chunk,`;
  }

  /** Whether the byte was used up: an extension starts with the byte that ends the size. */
  #byte(byte: number, at: number): boolean {
    switch (this.#place) {
      case "size":
        return this.#sizeByte(byte, at);
      case "size-lf":
        expect(byte, LF, "LF after the chunk size", at);
        this.#afterSize();
        return true;
      case "data-cr":
        expect(byte, CR, "CRLF after the chunk data", at);
        this.#place = "data-lf";
        return true;
      default:
        expect(byte, LF, "CRLF after the chunk data", at);
        this.#place = "size";
        return true;
    }
  }

  #sizeByte(byte: number, at: number): boolean {
    const digit = hexDigit(byte);
    if (digit !== null) {
      this.#size = this.#size * 16 + digit;
      if (++this.#digits > MAX_SIZE_DIGITS || !Number.isSafeInteger(this.#size)) {
        throw new Malformed(`chunk size of more than ${MAX_SIZE_DIGITS} digits or 2^53 bytes`, at);
      }
      return true;
    }
    if (this.#digits === 0) throw new Malformed(`${shown(byte)} instead of a hexadecimal chunk size`, at);
    if (byte === CR) {
      this.#place = "size-lf";
      return true;
    }
    if (byte === LF) throw new Malformed("bare LF after the chunk size", at);
    if (byte !== 0x3b && byte !== 0x20 && byte !== 0x09) throw new Malformed(`${shown(byte)} inside the chunk size`, at);
    this.#place = "extension";
    return false;
  }

  #afterSize(): void {
    this.#digits = 0;
    this.#left = this.#size;
    this.#place = this.#size === 0 ? "trailers" : "data";
  }

  #readExtension(bytes: Uint8Array, from: number, base: number): number {
    const { line, next } = this.#extension.read(bytes, from, base);
    if (line === null) return next;
    if (!EXTENSIONS.test(line)) throw new Malformed("invalid chunk extension, whose line ends", base + next, base + next);
    this.#extension = new LineReader("chunk extension", MAX_EXTENSION_BYTES);
    this.#afterSize();
    return next;
  }

  #data(bytes: Uint8Array, from: number, base: number, events: MessageEvent[]): number {
    const next = content(bytes, from, Math.min(bytes.length, from + this.#left), base, events);
    this.#left -= next - from;
    if (this.#left === 0) {
      this.#size = 0;
      this.#place = "data-cr";
    }
    return next;
  }

  #readTrailer(bytes: Uint8Array, from: number, base: number, events: MessageEvent[]): number {
    const { line, next } = this.#trailerLines.read(bytes, from, base);
    if (line === null) return next;
    if (line !== "") {
      const at = base + next - line.length - 2;
      const trailer = fieldLine(line, at);
      // RFC 9110 §6.5.1: a recipient that merged it would change the framing of the message.
      if (FRAMING_FIELD.test(trailer.name)) throw new Malformed(`${trailer.name} in the trailer section`, at, base + next);
      this.#trailers.push(trailer);
      return next;
    }
    if (this.#trailers.length > 0) events.push({ kind: "trailers", headers: this.#trailers, offset: base + next });
    this.#place = "done";
    return next;
  }
}

function expect(byte: number, wanted: number, what: string, at: number): void {
  if (byte !== wanted) throw new Malformed(`${shown(byte)} instead of ${what}`, at);
}

function shown(byte: number): string {
  return `byte 0x${byte.toString(16).padStart(2, "0")}`;
}

function hexDigit(byte: number): number | null {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : null;
}
