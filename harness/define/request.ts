// What authors write of requests and responses.
import type { BodyFormat, Filler } from "../model/body.ts";
import type { Text } from "../model/figures.ts";
import type { ClientProtocol, HeaderList, HttpVersion, OriginFraming, Upload } from "../model/script.ts";

/** @minItems 1 */
export type Several<T> = T[];

/** One value, or several: the trial then runs with each, and a verdict that flips is reported as conditional on the axis. */
export type Axis<T> = T | Several<T>;

/** What a scenario can sweep. */
export type SweptAxis = "clients" | "method" | "version" | "acceptEncoding" | "format" | "contentType" | "recordBytes";

export interface RequestPlan {
  /**
   * Path and query, default `/stream`.
   *
   * @pattern ^/
   */
  path?: string;
  /** The Host header, and in TLS the server's name. */
  host?: Text;
  /** What the clients speak to the last hop, default h1: HTTP/1.1 over TCP. h1-tls: the same over TLS. h2: HTTP/2 over TLS. h2c: HTTP/2
   *  over TCP, with prior knowledge. h3: HTTP/3. The last hop gets a listener for each. */
  clients?: Axis<ClientProtocol>;
  /** GET, where nothing is said. */
  method?: Axis<Text>;
  /** The client's HTTP version, in quotes: a word, not a number. */
  version?: Axis<HttpVersion>;
  /** `gzip`, or null for no Accept-Encoding at all, as curl sends. */
  acceptEncoding?: Axis<string | null>;
  /** Further header fields, as pairs of name and value. */
  headers?: HeaderList;
  /**
   * A body that is sent with the header section; with a method that has one. Not for files.
   *
   * @hidden
   */
  content?: string;
  /**
   * A body in pieces; with a method that has one, e.g. POST. Not for files.
   *
   * @hidden
   */
  upload?: Upload;
  /**
   * False: only the header field names the case, and path and query are sent unchanged. Not for files.
   *
   * @hidden
   */
  isNamedInTarget?: boolean;
}

export interface ResponsePlan {
  /**
   * Default 200. 101 upgrades to WebSocket: what follows are the body's bytes as they are. Not for files.
   *
   * @hidden
   */
  status?: number;
  /** What a record is: an event, a line, a row, an element. */
  format?: Axis<BodyFormat>;
  /** Whether the records' text can be compressed. */
  filler?: Filler;
  contentType?: Axis<Text>;
  /** How the application frames its body; close: neither length nor chunks. */
  framing?: OriginFraming;
  version?: HttpVersion;
  headers?: HeaderList;
}
