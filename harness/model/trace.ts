// What taps, probes, origin and clients saw in one trial, decoded. Plain data that can be saved and judged again.
import type { Amount, Count } from "./figures.ts";
import type { HopSamples } from "./samples.ts";
import type { Closing, OriginRecording, Stranger } from "./recording.ts";
import type { Action, Case, ClientProtocol } from "./script.ts";

/** decoded: plain HTTP/1. bytes: encrypted or HTTP/2, bytes and times only. none: no tap. probe: inside a Node server.
 *  asked: the records given to a real application, one request each. */
export type TapLevel = "decoded" | "bytes" | "none" | "probe" | "asked";

/** The connection between two neighbors, in the direction of the response. Link 0 leaves the origin, the last one reaches the client. */
export interface Link {
  from: string;
  to: string;
  level: TapLevel;
}

export type EndKind =
  /** The last chunk, or the announced length, or the end of a message that has no body. */
  | "last-chunk"
  | "length"
  | "no-body"
  /** End of a close-delimited body. */
  | "fin-delimited"
  /** The connection ended inside a message. */
  | "cut-by-fin"
  | "cut-by-reset"
  /** Still open when the case ended. */
  | "open"
  /** The bytes are not HTTP/1: nothing after this could be read. */
  | "malformed";

export interface ExchangeEnd {
  at: number;
  kind: EndKind;
  /** Null if the content has no coding; else whether the end of the coding was seen. */
  codingComplete: boolean | null;
}

/** How the content compares with what the origin wrote for this nonce. Offsets are in decoded content. */
export type Fidelity =
  /** A prefix of the body, or all of it. */
  | { kind: "intact" }
  /** Not written by the origin in this case, e.g. an error page of a hop. */
  | { kind: "foreign" }
  | { kind: "altered"; offset: number; how: "changed" | "missing" | "repeated" | "added" | "mixed"; detail: string };

/** syntax: the bytes are not HTTP/1. stray-bytes: bytes after the end of the message or of its content coding. unknown-coding: a content
 *  coding that cannot be decoded. */
export type ProblemCode = "syntax" | "stray-bytes" | "unknown-coding";

/** A fault of framing, coding or syntax. */
export interface Problem {
  code: ProblemCode;
  /** One sentence, for people only. */
  words: string;
}

/** One request and its response on one link. */
export interface Exchange {
  link: number;
  /** Number of the connection on its tap; null on a probe. */
  connection: number | null;
  /** Number of the client whose request this is; null if a hop removed the mark. */
  client: number | null;
  request: {
    at: number;
    method: string;
    target: string;
    version: string;
    headers: [name: string, value: string][];
    /** Its content in bytes after each read; absent if it has none. */
    progress?: [at: number, bytes: number][];
  };
  interim: { status: number; at: number }[];
  response: {
    /** The time of the read that completed the header section. */
    at: number;
    version: string;
    status: number;
    headers: [name: string, value: string][];
    framing: "none" | "content-length" | "chunked" | "close" | "tunnel";
    contentLength: number | null;
  } | null;
  /** The nonce of the body: of an exchange of this case or (foreign) of another. */
  nonce: string | null;
  /** When record i was complete in the decoded content; null: never. */
  records: (number | null)[];
  /** Decoded content in bytes after each read. */
  progress: [at: number, bytes: number][];
  contentBytes: number;
  fidelity: Fidelity;
  end: ExchangeEnd;
  /** In the order in which they were found. */
  problems: Problem[];
  /** The closes of the connection during or after this exchange, in order of time. */
  closings: Closing[];
  /** When the neighbor nearer the client did not read: [from, to]. */
  blocked: [from: number, to: number][];
  /** Bytes that were not recorded: facets that need the content are not judged then. */
  droppedBytes: number;
  /** The connection had carried a request before this one. */
  isReused?: true;
  /** Gzip members (RFC 1952 §2.2) of the content, where it has more than one. */
  gzipMembers?: number;
  /** Chunks with content (RFC 9112 §7.1), where a real application is first in the chain. */
  chunks?: number;
}

export interface CaseTrace {
  case: Case;
  /** What was done to which hop, and when. */
  actions?: { do: Action["do"]; on: string; at: number }[];
  /** Of each hop that the case had sampled. */
  samples?: HopSamples[];
  /** The control of its clients' protocol while its attempt ran; absent: that of the whole trace. */
  control?: ControlFigures;
  startedAt: number;
  endedAt: number;
  origin: OriginRecording[];
  /** Connections and requests at the origin that named no trial; absent if there were none. */
  strangers?: Stranger[];
  exchanges: Exchange[];
  /** Per client: its start, its records, and how it ended. */
  clients: { startedAt: number; recordsAt: number[]; ended: { at: number; how: string } | null; readOnAt?: number }[];
}

/** How long the processes of a hop or of the lab waited for a processor, as a running total (second number of schedstat(5)). */
export interface QueueDelay {
  at: number[];
  waitedMs: number[];
}

export interface ControlFigures {
  samples: Count;
  p50Ms: Amount;
  p99Ms: Amount;
  maxMs: Amount;
  /** The 99th percentile of the transit without the time in which the pipe and the lab waited for a processor. */
  netP99Ms: Amount;
}

export interface Trace {
  schema: "hopwise.trace/1";
  runtime: "process" | "container";
  /** How many times faster the clocks of the servers ran. All times here are by the lab's clock. */
  timeScale: number;
  /** The origin is the user's application: its records are reads. Absent: the lab's origin. */
  origin?: "application";
  /** `origin`, the hops in the direction of the response, `client`. */
  nodes: string[];
  links: Link[];
  cases: CaseTrace[];
  /** The control of clients that speak HTTP/1.1 over TCP. */
  control: ControlFigures;
  /** Those of the other protocols that clients spoke. */
  controls?: Partial<Record<ClientProtocol, ControlFigures>>;
  /** By node. `lab`: origin, taps and clients. `kernel`: packets that waited for the kernel, and stolen time. `standstill`: the whole machine. */
  queueDelay: Record<string, QueueDelay>;
  /** Why this trace cannot be judged; null unless the lab itself failed. */
  harnessFault: string | null;
}
