// A strict HTTP/1 parser (RFC 9112) for recorded bytes: it reports where each part of a message ends on the wire, and what is wrong.

import { type Body, closeDelimited, FixedLength } from "./http1-body.ts";
import { Chunked } from "./http1-chunked.ts";
import { type BodyFraming, requestFraming, requestLine, responseFraming, statusLine } from "./http1-head.ts";
import { fieldLine, LineReader } from "./http1-lines.ts";
import { type Header, Malformed, type MessageEvent, type RequestHead, type ResponseHead } from "./http1-message.ts";

export type { Header, MessageEvent, RequestHead, ResponseHead } from "./http1-message.ts";
export { headerValue, pathOf } from "./http1-message.ts";

export interface Http1Parser {
  /** Never throws. "content" events are views of `bytes`, which must not be changed afterwards. */
  push(bytes: Uint8Array): MessageEvent[];
  /** The peer has ended its side (FIN). */
  close(): MessageEvent[];
  readonly state: "start-line" | "headers" | "body" | "done" | "broken";
  /** Bytes pushed so far, including those that a broken or finished parser ignored. */
  readonly offset: number;
}

/** One response with its interim ones. Bytes after its end are reported as "excess". */
export function responseParser(options: { method: string }): Http1Parser {
  return new Parser({
    message: "response",
    startLine: "status line",
    readStartLine: statusLine,
    framing: (head, after) => responseFraming(head, options.method, after),
    mayStartWith: (byte, index) => index >= 7 || byte === "HTTP/1.".charCodeAt(index),
  } satisfies Role<ResponseHead>);
}

/** The requests of a connection, one after the other. Bytes after a CONNECT count as a tunnel. */
export function requestParser(): Http1Parser {
  return new Parser({
    message: "request",
    startLine: "request line",
    readStartLine: requestLine,
    framing: requestFraming,
    // A method, or the one empty line that RFC 9112 §2.2 ignores. The first byte of a TLS handshake is neither.
    mayStartWith: (byte, index) => index > 0 || (byte > 0x20 && byte < 0x7f) || byte === 0x0d || byte === 0x0a,
  } satisfies Role<RequestHead>);
}

interface Role<Head extends RequestHead | ResponseHead> {
  message: "request" | "response";
  startLine: string;
  readStartLine(line: string, at: number): Omit<Head, "headers" | "bytes">;
  framing(head: Head, after: number): BodyFraming;
  mayStartWith(byte: number, index: number): boolean;
}

const MAX_HEAD_BYTES = 256 * 1024;

class Parser<Head extends RequestHead | ResponseHead> implements Http1Parser {
  readonly #role: Role<Head>;
  state: Http1Parser["state"] = "start-line";
  offset = 0;
  #closed = false;
  #lines = new LineReader("head", MAX_HEAD_BYTES);
  #skippedEmptyLine = false;
  #interim = 0;
  #start: Omit<Head, "headers" | "bytes"> | null = null;
  #headers: Header[] = [];
  #body: Body = closeDelimited();

  constructor(role: Role<Head>) {
    this.#role = role;
  }

  push(bytes: Uint8Array): MessageEvent[] {
    const base = this.offset;
    this.offset += bytes.length;
    const events: MessageEvent[] = [];
    if (this.#closed) return events;
    try {
      let next = 0;
      while (next < bytes.length && this.state !== "broken") next = this.#step(bytes, next, base, events);
    } catch (error) {
      this.#fail(error, events);
    }
    return events;
  }

  close(): MessageEvent[] {
    const events: MessageEvent[] = [];
    if (this.#closed) return events;
    this.#closed = true;
    if (this.state === "broken" || this.state === "done") return events;
    const missing = this.#missing();
    if (missing !== null) {
      this.#fail(new Malformed(missing, this.offset, this.offset), events);
      return events;
    }
    if (this.state === "body") events.push({ kind: "end", offset: this.offset });
    this.state = "done";
    return events;
  }

  #missing(): string | null {
    const { message, startLine } = this.#role;
    if (this.state === "body") return this.#body.missing();
    if (this.state === "headers") return `closed inside the header section of the ${message}`;
    if (this.#lines.insideLine) return `closed inside the ${startLine}`;
    if (message === "request") return null;
    if (this.#interim === 0) return "closed before the response";
    return `closed after ${this.#interim} interim response${this.#interim === 1 ? "" : "s"}, before the final one,`;
  }

  #fail(error: unknown, events: MessageEvent[]): void {
    if (!(error instanceof Malformed)) throw error;
    this.state = "broken";
    events.push({ kind: "problem", problem: error.message, offset: error.offset });
  }

  #step(bytes: Uint8Array, from: number, base: number, events: MessageEvent[]): number {
    if (this.state === "done") {
      events.push({ kind: "excess", bytes: bytes.length - from, offset: base + bytes.length });
      return bytes.length;
    }
    if (this.state === "body") {
      const next = this.#body.read(bytes, from, base, events);
      if (this.#body.complete) this.#end(base + next, events);
      return next;
    }
    if (this.state === "start-line") this.#checkStart(bytes, from, base);
    const { line, next } = this.#lines.read(bytes, from, base);
    if (line !== null) this.#line(line, base + next, events);
    return next;
  }

  /** Bytes that begin no message are reported immediately, since a line end may never come. */
  #checkStart(bytes: Uint8Array, from: number, base: number): void {
    for (let index = this.#lines.bytes, i = from; index < 7 && i < bytes.length; index++, i++) {
      const byte = bytes[i] ?? 0;
      if (!this.#role.mayStartWith(byte, index)) {
        const shown = `0x${byte.toString(16).padStart(2, "0")}`;
        throw new Malformed(`byte ${shown}, which no HTTP/1 ${this.#role.startLine} has there,`, base + i);
      }
    }
  }

  #line(line: string, after: number, events: MessageEvent[]): void {
    const at = after - line.length - 2;
    if (this.#start !== null) {
      if (line === "") this.#head(this.#start, after, events);
      else this.#headers.push(fieldLine(line, at));
      return;
    }
    if (line === "" && !this.#skippedEmptyLine) {
      this.#skippedEmptyLine = true;
      this.#lines = new LineReader("head", MAX_HEAD_BYTES);
      return;
    }
    this.#start = this.#role.readStartLine(line, at);
    this.state = "headers";
  }

  #head(start: Omit<Head, "headers" | "bytes">, after: number, events: MessageEvent[]): void {
    const head = { ...start, headers: this.#headers, bytes: this.#lines.bytes } as Head;
    const { framing, contentLength } = this.#role.framing(head, after);
    this.#expectMessage();
    if ("status" in head && head.status < 200 && head.status !== 101) {
      this.#interim++;
      events.push({ kind: "interim", head, offset: after });
      return;
    }
    events.push({ kind: "head", head, framing, contentLength, offset: after });
    this.state = "body";
    if (framing === "chunked") this.#body = new Chunked();
    else if (framing === "close" || framing === "tunnel") this.#body = closeDelimited();
    else this.#body = new FixedLength(framing === "none" ? 0 : (contentLength ?? 0));
    if (this.#body.complete) this.#end(after, events);
  }

  #end(offset: number, events: MessageEvent[]): void {
    events.push({ kind: "end", offset });
    if (this.#role.message === "response") this.state = "done";
    else this.#expectMessage();
  }

  #expectMessage(): void {
    this.state = "start-line";
    this.#start = null;
    this.#headers = [];
    this.#skippedEmptyLine = false;
    this.#lines = new LineReader("head", MAX_HEAD_BYTES);
  }
}
