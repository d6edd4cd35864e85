// Between the protocol of an application server and HTTP/1.1: one request on each connection.
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { responseParser } from "../../decode/http1.ts";
import type { Http1Parser, ResponseHead } from "../../decode/http1.ts";
import type { Address } from "../protocol.ts";
import { reset, toTap } from "./passing.ts";

/** A protocol, by what it makes of requests and responses. */
export interface Dialect {
  request: () => RequestReader;
  response: ResponseWriter;
}

export interface RequestReader {
  /** What of the request has become known, as HTTP/1.1. */
  push: (bytes: Buffer) => Buffer;
  /** Of the request; known before its first bytes are passed on. */
  method: () => string;
}

export interface ResponseWriter {
  head: (head: ResponseHead) => Buffer;
  content: (bytes: Uint8Array) => Uint8Array;
  /** Before the connection is closed. */
  end: Buffer;
}

export const translate =
  ({ request, response }: Dialect) =>
  (from: Duplex, raw: Socket, target: Address): void => {
    const reader = request();
    const to = toTap(target);
    let parser: Http1Parser | null = null;
    let isOver = false;
    from.on("data", (bytes: Buffer) => {
      const passed = reader.push(bytes);
      if (passed.length > 0 && !to.destroyed) to.write(passed);
    });
    to.on("data", (bytes: Buffer) => {
      parser ??= responseParser({ method: reader.method() });
      for (const event of parser.push(bytes)) {
        if (event.kind === "head") write(from, to, response.head(event.head as ResponseHead));
        if (event.kind === "content") write(from, to, response.content(event.bytes));
        if (event.kind !== "end" || isOver) continue;
        isOver = true;
        write(from, to, response.end);
        from.end();
        to.end();
      }
    });
    from.on("drain", () => to.resume());
    const cut = (): void => {
      if (isOver) return;
      isOver = true;
      void reset(from, raw);
    };
    to.on("end", () => {
      if (parser?.close().some(({ kind }) => kind === "end")) from.end(response.end);
      else cut();
      to.end();
    });
    to.on("error", cut);
    from.on("end", () => void (to.destroyed || to.end()));
    from.on("error", () => void (to.destroyed || reset(to, to)));
    from.on("close", () => void (to.destroyed || isOver || to.end()));
  };

const write = (from: Duplex, to: Socket, bytes: Uint8Array): void => {
  if (bytes.length > 0 && !from.destroyed && from.writable && !from.write(bytes)) to.pause();
};
