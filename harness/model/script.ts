// What one arm of a trial plays: the origin's steps, and what each client does. Plain data: it crosses to the lab as JSON.
import type { BodyPlan } from "./body.ts";

export type HttpVersion = "1.0" | "1.1";
export type HeaderList = [name: string, value: string][];

/** How the origin frames its body (RFC 9112 §6); `close`: neither length nor chunks, the end of the connection is the end. */
export type OriginFraming = "chunked" | "content-length" | "close";

/** reset: RST, once the last write was seen on the tap. close: FIN inside a chunk (or before the length is met).
 *  no-last-chunk: FIN behind a whole chunk, without the last one. reset-behind-data: one more record and RST in one breath, so that
 *  both may be there when the neighbour next looks: what it then sees depends on its Node. */
export type AbortHow = "reset" | "close" | "no-last-chunk" | "reset-behind-data";

export type Step =
  /** Sends the header section on its own. Without this step it leaves together with the first write. */
  | { do: "headers" }
  /** An interim response, e.g. 103 (RFC 9110 §15.2). */
  | { do: "interim"; status: number; headers: HeaderList }
  /** Waits; counted from the end of the step before. */
  | { do: "pause"; ms: number; only?: "unacknowledged" }
  /** Writes `records` records one by one, `everyMs` apart (the first at once). */
  | { do: "write"; records: number; everyMs: number; only?: "unacknowledged" }
  /** Writes each of `records` records only after the client confirmed the one before, and waits for the last to be confirmed too.
   *  Gives up for good when a confirmation takes longer than `patienceMs`: the rest of the records is written at once, so that later
   *  steps find the sizes that were planned for them, and from then on the steps marked `only: "unacknowledged"` are played. */
  | { do: "lock-step"; records: number; patienceMs: number }
  /** Waits until the client of this exchange holds every record written, at most `atMostMs`. */
  | { do: "await-client"; atMostMs: number }
  /** Writes up to `records` records, `everyMs` apart but never faster than the connection takes them, until the connection is gone
   *  or `atMostMs` are over. */
  | { do: "write-until-gone"; records: number; everyMs: number; atMostMs: number }
  /** Waits for the connection to go, at most `atMostMs`; writes nothing. */
  | { do: "await-gone"; atMostMs: number }
  | { do: "end" }
  | { do: "abort"; how: AbortHow };

export interface Script {
  status: number;
  /** Beyond Content-Type, Date and framing, which the origin sets; a name given here replaces the origin's own. */
  headers: HeaderList;
  /** Null: Content-Type from the body's format. */
  contentType: string | null;
  framing: OriginFraming;
  version: HttpVersion;
  body: BodyPlan;
  /** Trailer fields behind the last chunk (RFC 9112 §7.1.2). */
  trailers: HeaderList;
  steps: Step[];
}

export type ClientStart =
  | { afterMs: number }
  /** As soon as client number `client` has received its first `records` records, or has ended. */
  | { whenClient: number; has: { records: number } | "ended" };

/** What a browser offers in TLS (RFC 7301). */
export type Alpn = "http/1.1" | "h2";

/** A request body in pieces, chunked. */
export interface Upload {
  pieces: number;
  pieceBytes: number;
  everyMs: number;
}

export interface ClientPlan {
  start: ClientStart;
  /** Path and query as asked for; the arm's name is added to the query. */
  target: string;
  /** False: only a header field names the arm, and path and query are sent as they stand here. */
  isNamedInTarget?: boolean;
  /** The Host header, and in TLS the server's name. */
  host: string;
  /** Null: plain HTTP. */
  tls: Alpn | null;
  version: HttpVersion;
  method: string;
  /** Null sends no Accept-Encoding at all, as `curl` does. */
  acceptEncoding: string | null;
  headers: HeaderList;
  /** None: a request without a body. */
  upload?: Upload;
  /** Null reads as fast as the bytes come. */
  readBytesPerSecond: number | null;
  /** Leaves `afterMs` after it received record number `records` (counted from 1). */
  leave: { how: "fin" | "reset"; records: number; afterMs: number } | null;
  /** Stops waiting that long after the origin's end, or after its own start if the origin never ends or is never asked. */
  patienceMs: number;
}

/** One stimulus: a script and one to three clients of the same URL. */
export interface Arm {
  /** Unique within its trial: what it is for, and in a sweep `@` and its point, e.g. `silence@gzip`. */
  id: string;
  /** Where it stands on each axis of a sweep, e.g. `{ acceptEncoding: "gzip" }`; empty where nothing is swept. */
  point: Record<string, string>;
  /** What this arm is for, in a few words, e.g. `lock-step 600 B, Accept-Encoding: gzip`. */
  title: string;
  script: Script;
  clients: ClientPlan[];
}
