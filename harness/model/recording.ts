// The result of a case in the lab: bytes and times, not decoded. All times are milliseconds of CLOCK_MONOTONIC, which all processes and
// containers of one machine share: stamps of probes and of the lab are comparable.
import type { RequestId } from "./request-id.ts";
import type { AbortHow } from "./script.ts";

/** One direction of a connection. Read `i` at `at[i]` brought the bytes up to `ends[i]`. */
export interface Wire {
  at: Float64Array;
  ends: Float64Array;
  /** The recorded bytes: all up to the limit. */
  bytes: Uint8Array;
  /** Bytes that passed after the limit, and were not recorded. */
  droppedBytes: number;
}

/** A close of one end of a connection, as its tap saw it: `downstream` is the neighbor nearer the client. */
export interface Closing {
  at: number;
  by: "downstream" | "upstream";
  how: "fin" | "reset";
  /** When the tap passed a reset on, which has to wait for the bytes before it; null: it had not yet. Absent: at the same time. */
  passedAt?: number | null;
  /** The HTTP/2 frame that closed it: after RST_STREAM, which ends one stream, the connection stays open. */
  http2?: { frame: "RST_STREAM" | "GOAWAY"; code: string };
  /** The frame of QUIC that closed it (RFC 9000 §19): after the first two, which end one stream, the connection stays open. Null: none, for the
   *  reason in `code`: it was silent for too long (RFC 9000 §10.1), or could not be read. */
  http3?: { frame: "RESET_STREAM" | "STOP_SENDING" | "CONNECTION_CLOSE" | null; code: string };
  /** False: TLS did not announce this end (RFC 8446 §6.1), so a response that ends with it may be truncated. */
  closeNotify?: false;
}

/** A part of one tapped connection: from before the first request of the case to after its last response. */
export interface ConnectionRecording {
  /** Index of the tap, 0 nearest the origin. */
  tap: number;
  /** Number of the connection on that tap since the lab started. */
  connection: number;
  openedAt: number;
  /** Null: the tap was never connected to its upstream neighbor. */
  connectedAt: number | null;
  /** Toward the origin. */
  request: Wire;
  /** Toward the client. */
  response: Wire;
  closings: Closing[];
  /** When the tap could not pass bytes on toward the client, because that neighbor did not read: [from, to]. */
  blocked: [from: number, to: number][];
  /** The connection had carried responses before. */
  isReused?: true;
}

export interface OriginWrite {
  at: number;
  /** Records written up to and with this write. */
  records: number;
}

/** Stands for the nonce of an application, whose bodies carry none. */
export const applicationNonce = "application";

/** One request that reached the origin. */
export interface OriginRecording {
  nonce: string;
  /** From the request's header; null if a hop removed it. */
  request: RequestId | null;
  /** Number of the tap-0 connection that carried it. */
  connection: number;
  startedAt: number;
  requestVersion: string;
  method: string;
  target: string;
  /** The request's header fields as the origin received them. */
  requestHeaders: [name: string, value: string][];
  headersAt: number | null;
  writes: OriginWrite[];
  /** When the last byte of a complete response was handed to the connection. */
  endedAt: number | null;
  aborted: { at: number; how: AbortHow } | null;
  /** The lock-step's first record that was not confirmed in time, or null. */
  unacknowledged: { record: number; at: number } | null;
  /** How the origin saw that its client left. */
  gone: { at: number; how: "fin" | "reset" } | null;
  /** Of a real application that is handed its records: what it says that it noticed of its client, e.g. GeneratorExit. */
  noticed?: { at: number; what: string }[];
  /** Bytes handed to the connection, and how many of them the connection took. */
  bytesWritten: number;
  bytesTaken: number;
  /** A fault of the script or of the lab, e.g. a request that could not be parsed. */
  problem: string | null;
}

export interface ClientRecording {
  client: number;
  startedAt: number;
  connectedAt: number | null;
  requestedAt: number | null;
  response: Wire;
  /** When each record was complete, in decoded content. */
  recordsAt: number[];
  /** fin, reset: closed by the other side. left: its own planned departure. gave-up: its patience ended. */
  ended: { at: number; how: "complete" | "fin" | "reset" | "left" | "gave-up" | "refused" } | null;
  /** When it read on after its planned stall; absent where it did not. */
  readOnAt?: number;
  problems: string[];
}

/** What a probe between middlewares saw, in the form of a tap's response direction (see `harness/host/probe.ts`). */
export interface ProbeRecording {
  /** `<hop>#<place>`: place 0 lies between the server and its first middleware. */
  place: string;
  request: RequestId;
  requestedAt: number;
  status: number | null;
  headers: [name: string, value: string][];
  /** When the header section passed this place: when flushed, or with the first byte or the end. */
  headersAt: number | null;
  content: Wire;
  /** end, destroy: by the upstream side. close: by the downstream side. */
  ended: { at: number; how: "end" | "destroy" | "close" } | null;
}

/** A connection or request at the origin that names no trial. */
export interface Stranger {
  at: number;
  /** tls, http2: the first bytes of these protocols. unreadable: no known protocol. unmarked: a request without the mark of a trial. */
  what: "tls" | "http2" | "unreadable" | "unmarked";
  /** `GET /events` of an unmarked request. */
  request?: string;
}

export interface CaseRecording {
  case: string;
  startedAt: number;
  endedAt: number;
  connections: ConnectionRecording[];
  origin: OriginRecording[];
  clients: ClientRecording[];
  /** During this case, from any trial. */
  strangers?: Stranger[];
}

/** The interval of the control's messages. */
export const controlEveryMs = 10;

/** The control's transit times of one window, pooled with earlier ones until there are at least 200. */
export interface ControlWindow {
  /** Departure and transit of each message, alternating, the latest first. */
  transits: Float64Array;
  fromAt: number;
  toAt: number;
  samples: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}
