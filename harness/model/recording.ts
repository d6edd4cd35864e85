// What the lab hands over after an arm: bytes and times, nothing decoded. All times are milliseconds of CLOCK_MONOTONIC, which
// every process and container of one machine shares, so that stamps from probes and from the lab can be compared.
import type { AbortHow } from "./script.ts";

/** One direction of a connection. Read `i` brought the bytes up to `ends[i]` at `at[i]`. */
export interface Wire {
  at: Float64Array;
  ends: Float64Array;
  /** The bytes kept: all up to the bound, then nothing. */
  bytes: Uint8Array;
  /** Bytes that passed but were not kept because the bound was hit. */
  droppedBytes: number;
}

/** One end of a connection closing, as the tap in its middle saw it: `downstream` is the neighbour nearer the client. */
export interface Closing {
  at: number;
  by: "downstream" | "upstream";
  how: "fin" | "reset";
}

/** A part of one tapped connection: from the turn before the arm's first request on it to the turn behind its last. */
export interface ConnectionRecording {
  /** Index of the tap, 0 nearest the origin. */
  tap: number;
  /** Number of the connection on that tap since the lab started. */
  connection: number;
  openedAt: number;
  /** Null: the tap was never connected to its upstream neighbour. */
  connectedAt: number | null;
  /** Towards the origin. */
  request: Wire;
  /** Towards the client. */
  response: Wire;
  closings: Closing[];
  /** When the tap could not pass bytes towards the client on, because that neighbour did not read: [from, to]. */
  blocked: [from: number, to: number][];
}

export interface OriginWrite {
  at: number;
  /** Records written up to and with this write. */
  records: number;
}

/** Of an origin that is the user's own application, whose bodies carry none. */
export const applicationNonce = "application";

/** One request that reached the origin. */
export interface OriginRecording {
  nonce: string;
  /** `<arm>.<client>` from the request's header, or null if a hop removed it. */
  request: string | null;
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
  /** How the origin learnt that its client left. */
  gone: { at: number; how: "fin" | "reset" } | null;
  /** Bytes handed to the connection, and how many of them the connection took. */
  bytesWritten: number;
  bytesTaken: number;
  /** The script's fault or the lab's, e.g. a request that could not be parsed. */
  problem: string | null;
}

export interface ClientRecording {
  client: number;
  startedAt: number;
  connectedAt: number | null;
  requestedAt: number | null;
  response: Wire;
  /** When it held each record whole, in decoded content. */
  recordsAt: number[];
  /** fin, reset: the other side's. left: its own departure, as planned. gave-up: its patience ended. */
  ended: { at: number; how: "complete" | "fin" | "reset" | "left" | "gave-up" | "refused" } | null;
  problems: string[];
}

/** The hops' probes between middlewares, in the shape of a tap's response direction (see `harness/host/probe.ts`). */
export interface ProbeRecording {
  /** `<hop>#<place>`: place 0 lies between the server and its first middleware. */
  place: string;
  request: string;
  requestedAt: number;
  status: number | null;
  headers: [name: string, value: string][];
  /** When the header section left this place: when it was flushed, or with the first byte or the end. */
  headersAt: number | null;
  content: Wire;
  /** end, destroy: the upstream side ended or destroyed the response. close: it was closed under it, from the downstream side. */
  ended: { at: number; how: "end" | "destroy" | "close" } | null;
}

export interface ArmRecording {
  arm: string;
  startedAt: number;
  endedAt: number;
  connections: ConnectionRecording[];
  origin: OriginRecording[];
  clients: ClientRecording[];
}

/** From one message of the control to the next, in milliseconds. */
export const controlEveryMs = 10;

/** The control's transit times of one window, pooled with earlier ones until there are at least 200. */
export interface ControlWindow {
  /** Departure and transit of each message, in turn, the latest first. */
  transits: Float64Array;
  fromAt: number;
  toAt: number;
  samples: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}
