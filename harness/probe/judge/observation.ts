// What a probe saw of one response. Times are milliseconds since the request was sent. Pure.
import type { Framing, Header } from "../../decode/http1-message.ts";

/** One way to ask for the URL. */
export interface Variation {
  http: "1.1" | "2" | "3";
  /** The value of Accept-Encoding; null: the field is not sent. */
  acceptEncoding: string | null;
  /** Asked once more after the first response: only whether the same response comes again is of interest. */
  isAgain?: boolean;
}

export interface Head {
  atMs: number;
  status: number;
  headers: readonly Header[];
  /** `stream`: HTTP/2 and HTTP/3, where the stream's end is the response's. */
  framing: Framing | "stream";
  version: "1.0" | "1.1" | "2" | "3";
}

/** How the other side cut the response: `FIN`, `RST`, an HTTP/2 frame with its code, or what curl says of HTTP/3. */
export type CutSign = string;

export type End = { atMs: number } & (
  | { how: "complete" }
  /** The end of the connection is the end of the body, so that a cut looks the same. */
  | { how: "closed" }
  | { how: "cut"; sign: CutSign }
  | { how: "malformed"; problem: string }
  /** The probe left. */
  | { how: "open"; because: "time" | "bytes" | "interrupted" }
);

export interface Observed {
  variation: Variation;
  /** From the first packet to a connection that takes the request, TLS included. */
  connectMs: number;
  /** Null: none arrived. */
  head: Head | null;
  /** Without framing and content coding. */
  content: Uint8Array;
  /** Each piece of content: when it was there, and how many bytes of content there were with it. */
  progress: readonly (readonly [atMs: number, bytes: number])[];
  /** The name of the content coding; `unknown`: not decoded. */
  coding: string;
  /** Whether the end of the content coding was seen; null: it has none. */
  isCodingComplete: boolean | null;
  /** Gzip members, begun or whole; 0: another coding, or none. */
  gzipMembers: number;
  end: End;
  /** Bytes after the end of the response. */
  strayBytes: number;
  /** When the probe's own process stood still: what arrived meanwhile was read late. */
  stalls: readonly (readonly [fromMs: number, toMs: number])[];
}
