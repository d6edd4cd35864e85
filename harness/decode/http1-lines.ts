import { type Header, Malformed, quoted } from "./http1-message.ts";

const LF = 0x0a;
const CR = 0x0d;

export const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const TOKEN_ONLY = new RegExp(`^${TOKEN}$`);
// The grammar of RFC 9110 §5.5: it excludes every control character, not only NUL, CR and LF.
const OUTSIDE_A_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/** Cuts lines that end with CRLF out of pieces of any size. It looks at no byte again, so single-byte pieces stay linear. */
export class LineReader {
  readonly #section: string;
  readonly #maxBytes: number;
  #held = Buffer.alloc(0);
  #heldBytes = 0;
  /** Bytes of the whole section so far. */
  bytes = 0;

  constructor(section: string, maxBytes: number) {
    this.#section = section;
    this.#maxBytes = maxBytes;
  }

  get insideLine(): boolean {
    return this.#heldBytes > 0;
  }

  /** Reads from bytes[from] to the line's end, if it is there; `base` is the wire offset of bytes[0]. */
  read(bytes: Uint8Array, from: number, base: number): { line: string | null; next: number } {
    const stop = Math.min(bytes.length, from + this.#maxBytes - this.bytes);
    const found = bytes.subarray(from, stop).indexOf(LF);
    const next = found === -1 ? stop : from + found + 1;
    this.bytes += next - from;
    const piece = bytes.subarray(from, next);
    if (found === -1) {
      this.#hold(piece);
      if (this.bytes >= this.#maxBytes) {
        throw new Malformed(`${this.#section} longer than ${this.#maxBytes} bytes`, base + next, base + next);
      }
      return { line: null, next };
    }
    const raw = this.#whole(piece);
    // RFC 9112 §2.2 allows a bare LF as a line end. Not here: hops that disagree about it see different messages.
    if (raw[raw.length - 2] !== CR) throw new Malformed(`bare LF in the ${this.#section}`, base + next - 1);
    return { line: raw.toString("latin1", 0, raw.length - 2), next };
  }

  #hold(piece: Uint8Array): void {
    if (this.#heldBytes + piece.length > this.#held.length) {
      const grown = Buffer.alloc(Math.max(256, 2 * this.#held.length, this.#heldBytes + piece.length));
      this.#held.copy(grown, 0, 0, this.#heldBytes);
      this.#held = grown;
    }
    this.#held.set(piece, this.#heldBytes);
    this.#heldBytes += piece.length;
  }

  #whole(piece: Uint8Array): Buffer {
    if (this.#heldBytes === 0) return Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    this.#hold(piece);
    const whole = this.#held.subarray(0, this.#heldBytes);
    this.#heldBytes = 0;
    return whole;
  }
}

/** One field line (RFC 9112 §5); `at` is the wire offset of its first byte. */
export function fieldLine(line: string, at: number): Header {
  const after = at + line.length + 2;
  if (line.startsWith(" ") || line.startsWith("\t")) throw new Malformed("folded header line (obs-fold)", at, after);
  const colon = line.indexOf(":");
  if (colon === -1) throw new Malformed(`header line ${quoted(line)} without a colon`, at, after);
  const name = line.slice(0, colon);
  if (/[ \t]$/.test(name)) throw new Malformed(`whitespace before the colon of header ${quoted(name)}`, at + colon - 1, after);
  if (!TOKEN_ONLY.test(name)) throw new Malformed(`header name ${quoted(name)} that is not a token`, at, after);
  const bad = line.slice(colon + 1).search(OUTSIDE_A_VALUE);
  if (bad !== -1) {
    const code = line
      .charCodeAt(colon + 1 + bad)
      .toString(16)
      .padStart(2, "0");
    throw new Malformed(`control character 0x${code} in header ${quoted(name)}`, at + colon + 1 + bad, after);
  }
  return { name, value: trimWhitespace(line.slice(colon + 1)) };
}

// String.trim would take 0xa0 too, and /[ \t]+$/ is quadratic on a run of spaces inside the value.
export function trimWhitespace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
