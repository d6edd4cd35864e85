// One case of a trial: the steps of the origin, and what each client does. Plain data that goes to the lab as JSON.
import type { BodyPlan } from "./body.ts";
import type { CaseIdentity } from "./case-identity.ts";
import type { SamplePlan } from "./samples.ts";

export type HttpVersion = "1.0" | "1.1";
export type HeaderList = [name: string, value: string][];

/** How the origin frames its body (RFC 9112 §6). `close`: the end of the connection is the end of the body. */
export type OriginFraming = "chunked" | "content-length" | "close";

/** reset: RST, after the last write was seen on the tap. close: FIN inside a chunk, or before the length is met. no-last-chunk: FIN after a
 *  whole chunk, without the last chunk. reset-after-data: one more record and RST immediately after it, so that the neighbor may read both
 *  together: what it sees then depends on its Node version. */
export type AbortHow = "reset" | "close" | "no-last-chunk" | "reset-after-data";

export type Step =
  /** Sends the header section alone. Without this step it leaves with the first write. */
  | { do: "headers" }
  /** An interim response, e.g. 103 (RFC 9110 §15.2). */
  | { do: "interim"; status: number; headers: HeaderList }
  /** Waits, from the end of the previous step. */
  | { do: "pause"; ms: number; only?: "unacknowledged" }
  /** Writes `records` records one by one, `everyMs` apart, the first immediately. */
  | { do: "write"; records: number; everyMs: number; only?: "unacknowledged" }
  /** Writes each of `records` records only after the client confirmed the previous one, and waits for the last confirmation. If one takes longer
   *  than `patienceMs`, the rest is written immediately, so that later steps have their planned sizes, and the steps with
   *  `only: "unacknowledged"` are run. */
  | { do: "lock-step"; records: number; patienceMs: number }
  /** Waits until the client of this exchange holds every record written, at most `atMostMs`. */
  | { do: "await-client"; atMostMs: number }
  /** Writes up to `records` records, `everyMs` apart but never faster than the connection takes them, until the connection is gone
   *  or `atMostMs` are over. */
  | { do: "write-until-gone"; records: number; everyMs: number; atMostMs: number }
  /** Waits until the connection is gone, at most `atMostMs`. */
  | { do: "await-gone"; atMostMs: number }
  | { do: "end" }
  | { do: "abort"; how: AbortHow };

export interface Script {
  status: number;
  /** In addition to Content-Type, Date and framing, which the origin sets. A name given here replaces the origin's. */
  headers: HeaderList;
  /** Null: the Content-Type of the body format. */
  contentType: string | null;
  framing: OriginFraming;
  version: HttpVersion;
  body: BodyPlan;
  /** Trailer fields after the last chunk (RFC 9112 §7.1.2). */
  trailers: HeaderList;
  steps: Step[];
}

export type ClientStart =
  | { afterMs: number }
  /** As soon as client number `client` has received its first `records` records, or has ended. */
  | { whenClient: number; has: { records: number } | "ended" };

/** What clients speak to the hop nearest to them. h1: HTTP/1.1 over TCP. h1-tls: the same over TLS. h2: HTTP/2 over TLS, as browsers do. h2c:
 *  HTTP/2 over TCP with prior knowledge (RFC 9113 §3.3). h3: HTTP/3, over QUIC. */
export const clientProtocols = ["h1", "h1-tls", "h2", "h2c", "h3"] as const;
export type ClientProtocol = (typeof clientProtocols)[number];

/** For which a server gets a listener of its own. Each has its own transit times, and a control of its own. */
export type FurtherProtocol = Exclude<ClientProtocol, "h1">;

/** Many requests share one connection, on which one of them can be canceled. */
export const isMultiplexed = (protocol: ClientProtocol): boolean => protocol === "h2" || protocol === "h2c" || protocol === "h3";

/** With or without TLS. */
export const multiplexedName = (protocol?: ClientProtocol): string => (protocol === "h3" ? "HTTP/3" : "HTTP/2");

export const protocolWords: Record<ClientProtocol, string> = {
  h1: "HTTP/1.1",
  "h1-tls": "HTTP/1.1 over TLS",
  h2: "HTTP/2 over TLS",
  h2c: "HTTP/2 without TLS",
  h3: "HTTP/3",
};

/** A request body in pieces, chunked. */
export interface Upload {
  pieces: number;
  pieceBytes: number;
  everyMs: number;
}

export interface ClientPlan {
  start: ClientStart;
  /** Path and query; the token of the case is added to the query. */
  target: string;
  /** False: only the header field carries the token, and path and query are sent unchanged. */
  isNamedInTarget?: boolean;
  /** The Host header, and the server name in TLS. */
  host: string;
  protocol: ClientProtocol;
  version: HttpVersion;
  method: string;
  /** Null sends no Accept-Encoding at all, as `curl` does. */
  acceptEncoding: string | null;
  headers: HeaderList;
  /** A body that is sent at once, with its length. */
  content?: string;
  /** A body in pieces. Neither: a request without a body. */
  upload?: Upload;
  /** Null: as fast as the bytes arrive. */
  readBytesPerSecond: number | null;
  /** Stops reading for `forMs` after record number `records`; absent: always reads. */
  stall?: { records: number; forMs: number };
  /** Leaves `afterMs` after record number `records` (counted from 1). `cancel`: over HTTP/2 by RST_STREAM(CANCEL) with the connection kept
   *  (RFC 9113 §5.4.2), over HTTP/3 by STOP_SENDING and RESET_STREAM (RFC 9114 §4.1.1), over HTTP/1 by FIN. First each other client on the connection has received a record, has ended, or had a second for
   *  it. */
  leave: { how: "fin" | "reset" | "cancel"; records: number; afterMs: number } | null;
  /** Sends its request on the connection of that client, as a further stream of HTTP/2 or HTTP/3. */
  onConnectionOf?: number;
  /** Gives up this long after its own start if nothing of a response has come. */
  firstByteWithinMs?: number;
  /** Gives up this long after the origin's end, or after its own start if the origin never ends or gets no request. */
  patienceMs: number;
}

/** What is done to a hop in mid-stream. `on`: its id; null: the hop nearest the client. */
export interface Action {
  do: "reload";
  on: string | null;
  afterMs: number;
}

/** One stimulus: a script, its clients of the same URL, and what is done and sampled meanwhile. */
export interface Case extends CaseIdentity {
  /** Unique within its trial; made by `caseId` of the identity. */
  id: string;
  /** Its gaps are as wide as the machine needs when it is planned; absent: what its author says, or a timeout, decides. */
  fitsMachine?: true;
  /** Its value on each axis of a sweep, e.g. `{ acceptEncoding: "gzip" }`; empty without a sweep. */
  point: Record<string, string>;
  /** For reports, e.g. `lock-step, 8 records of 600 B, Accept-Encoding: gzip`. */
  title: string;
  script: Script;
  clients: ClientPlan[];
  actions?: Action[];
  /** What is sampled of the hops' processes meanwhile. */
  samples?: SamplePlan;
  /** Recorded bytes of each response; more pass, and are counted. Default: the lab's limit. */
  keepBytes?: number;
}

/** Its responses have no content (RFC 9110 §6.4.1). */
export const isBodyless = ({ script: { status }, clients }: Pick<Case, "script" | "clients">): boolean =>
  status === 204 || status === 304 || clients[0]?.method === "HEAD";

/** Bytes of the request's content, once all of it is sent. */
export const contentBytesOf = ({ upload, content }: Pick<ClientPlan, "upload" | "content">): number =>
  upload ? upload.pieces * upload.pieceBytes : Buffer.byteLength(content ?? "");
