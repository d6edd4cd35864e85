// What taps, probes, origin and clients saw in one trial, decoded into record marks. It is data: it can be saved, and judged again.
import type { Closing, OriginRecording } from "./recording.ts";
import type { Arm } from "./script.ts";

/** decoded: plain HTTP/1. bytes: encrypted or h2, bytes and times only. none: nothing is seen. probe: inside a Node server. */
export type TapLevel = "decoded" | "bytes" | "none" | "probe";

/** What joins two neighbours, in the direction of the bytes. Link 0 leaves the origin, the last one reaches the client. */
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
  /** Still open when the arm ended. */
  | "open"
  /** The bytes are not HTTP/1: nothing behind this could be read. */
  | "malformed";

export interface ExchangeEnd {
  at: number;
  kind: EndKind;
  /** Null if the content has no coding; else whether the coding's own end was seen. */
  codingComplete: boolean | null;
}

/** How the content compares with what the origin wrote for this nonce. Offsets are those of the decoded content. */
export type Fidelity =
  /** A prefix of the body, or all of it. */
  | { kind: "intact" }
  /** No origin exchange of this arm wrote this; e.g. a hop's own error page. */
  | { kind: "foreign" }
  | { kind: "altered"; offset: number; how: "changed" | "missing" | "repeated" | "added" | "mixed"; detail: string };

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
    /** Its content in bytes after each read that brought some; absent where it has none. */
    progress?: [at: number, bytes: number][];
  };
  interim: { status: number; at: number }[];
  response: {
    /** When the read that completed the header section came. */
    at: number;
    version: string;
    status: number;
    headers: [name: string, value: string][];
    framing: "none" | "content-length" | "chunked" | "close" | "tunnel";
    contentLength: number | null;
  } | null;
  /** Whose body this is: the nonce of an origin exchange, of this arm or (foreign) of another. */
  nonce: string | null;
  /** When record i was whole in the decoded content; null: never. */
  records: (number | null)[];
  /** Decoded content in bytes after each read that brought some. */
  progress: [at: number, bytes: number][];
  contentBytes: number;
  fidelity: Fidelity;
  end: ExchangeEnd;
  /** Faults of framing, coding or syntax, and stray bytes, one sentence each. */
  problems: string[];
  /** The closings of the connection that came with or behind this exchange, in order of time. */
  closings: Closing[];
  /** When the neighbour nearer the client did not read: [from, to]. */
  blocked: [from: number, to: number][];
  /** Bytes that passed but were not kept: what follows from the content is not judged. */
  droppedBytes: number;
}

export interface ArmTrace {
  arm: Arm;
  startedAt: number;
  endedAt: number;
  origin: OriginRecording[];
  exchanges: Exchange[];
  /** Per client: when it was sent off, what it got, and how it ended. */
  clients: { startedAt: number; recordsAt: number[]; ended: { at: number; how: string } | null }[];
}

/** How long the processes of a hop (or of the lab) waited for a processor, as a running total (schedstat(5)'s second number). */
export interface QueueDelay {
  at: number[];
  waitedMs: number[];
}

export interface ControlFigures {
  samples: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
  /** The 99th percentile of what is left of the transit without the time for which the pipe and the lab waited for a processor. */
  netP99Ms: number;
}

export interface Trace {
  schema: "hopwise.trace/1";
  runtime: "process" | "container";
  /** How many times faster the clocks of the servers ran than the lab's, of which all times here are. */
  timeScale: number;
  /** The user's own application in the origin's place: its records are what came in one read. Absent: the lab's origin. */
  origin?: "application";
  /** `origin`, the hops in the direction of the bytes, `client`. */
  nodes: string[];
  links: Link[];
  arms: ArmTrace[];
  control: ControlFigures;
  /** By node; `lab` stands for origin, taps and clients together, `kernel` for packets that waited for it and for stolen time,
   *  `standstill` for the time in which the whole machine did nothing. */
  queueDelay: Record<string, QueueDelay>;
  /** Why this trace cannot be judged, if the lab itself failed. */
  harnessFault: string | null;
}
