// The body of a stream, record by record, in one of several formats and content codings.
import { promisify } from "node:util";
import { constants, createBrotliCompress, createGzip, createZstdCompress, gzip } from "node:zlib";
import type { ServerResponse } from "node:http";

/** `untyped`: lines without a Content-Type. */
export type Format = "sse" | "ndjson" | "json" | "text" | "untyped";
/** `members`: a gzip member for each record. The others are flushed after each record. */
export type Coding = "none" | "gzip" | "members" | "br" | "zstd";

export interface Body {
  write: (record: number) => void;
  end: () => void;
}

export interface BodyOptions {
  format: Format;
  coding: Coding;
  records: number;
}

const types: Record<Format, string | null> = {
  sse: "text/event-stream",
  ndjson: "application/x-ndjson",
  json: "application/json",
  text: "text/plain; charset=utf-8",
  untyped: null,
};

const separatorOf = (record: number): string => (record === 0 ? "[" : ",");

const texts: Record<Format, (record: number) => string> = {
  sse: (record) => `data: ${record}\n\n`,
  ndjson: (record) => `{"record":${record}}\n`,
  json: (record) => `${separatorOf(record)}{"record":${record}}`,
  text: (record) => `record ${record}\n`,
  untyped: (record) => `record ${record}\n`,
};

export const bodyOf = (response: ServerResponse, { format, coding }: BodyOptions): Body => {
  const type = types[format];
  response.writeHead(200, {
    "cache-control": "no-store",
    ...(type === null ? {} : { "content-type": type }),
    ...(coding === "none" ? {} : { "content-encoding": coding === "members" ? "gzip" : coding }),
  });
  const [write, end] = coderOf(response, coding);
  const last = format === "json" ? "]" : "";
  return { write: (record) => write(texts[format](record)), end: () => end(last) };
};

/** Writes a text so that it can be decoded at once, and ends the body with one. */
type Coder = [write: (text: string) => void, end: (text: string) => void];

const coderOf = (response: ServerResponse, coding: Coding): Coder => {
  if (coding === "none") return [(text) => response.write(text), (text) => response.end(text)];
  if (coding === "members") return memberCoder(response);
  const coder =
    coding === "gzip"
      ? createGzip({ flush: constants.Z_SYNC_FLUSH })
      : coding === "br"
        ? createBrotliCompress({ flush: constants.BROTLI_OPERATION_FLUSH })
        : createZstdCompress({ flush: constants.ZSTD_e_flush });
  coder.pipe(response);
  return [(text) => coder.write(text), (text) => coder.end(text)];
};

const memberOf = promisify<string, Buffer>(gzip);

/** A gzip member for each text, in order. */
const memberCoder = (response: ServerResponse): Coder => {
  let last: Promise<unknown> = Promise.resolve();
  const after = (next: () => Promise<unknown>): void => void (last = last.then(next));
  return [
    (text) => after(async () => response.write(await memberOf(text))),
    (text) => after(async () => response.end(text === "" ? undefined : await memberOf(text))),
  ];
};
