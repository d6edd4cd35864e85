// The members of a verdict. `judge.ts` derives them from a trace; `words.ts` has their texts.
import type { Amount, Count, Status } from "./figures.ts";
import type { Reader } from "./memory-series.ts";
import type { SampleProblem } from "./samples.ts";

/** `origin`, a hop's id, or `client`. */
export type NodeId = string;

/** `write-timeout`: the client stopped reading for this long. */
export type Limit = "first-byte-timeout" | "idle-timeout" | "total-timeout" | "write-timeout";

/** The causes of an ending that are timeouts. */
export const limitCauses = [
  "first-byte-timeout",
  "idle-timeout",
  "total-timeout",
  "write-timeout",
  "unclassified",
] as const satisfies readonly (Limit | "unclassified")[];

export const isLimitCause = (cause: string | null): cause is (typeof limitCauses)[number] =>
  (limitCauses as readonly (string | null)[]).includes(cause);

export type Delivery =
  | { member: "incremental"; medianLagMs: number; worstLagMs: number; unexplained: Count; by: "lock-step" | "paced" }
  | { member: "lagging"; records: Count; lagMs: number }
  | { member: "batched"; by: "bytes"; atLeastBytes: Amount; atMostBytes: Amount }
  | { member: "batched"; by: "timer"; timerMs: number }
  /** The n-th input releases all n. */
  | { member: "batched"; by: "writes"; writes: Count }
  | { member: "batched"; by: "bytes-or-timer"; atLeastBytes: Amount; atMostBytes: Amount; timerMs: number }
  /** `atMostBytes`: an upper bound, if the flood released it. */
  | {
      member: "buffered";
      released: "end" | "never" | "flood";
      atLeastBytes: Amount;
      atMostBytes?: Amount;
      flooded: boolean;
      heldForMs: number;
    }
  | { member: "throttled"; bytesPerSecond: Amount }
  /** Held beyond doubt, release cause not identified: `late` records `of` all, in the attempt that is shown. */
  | {
      member: "delayed";
      late: Count;
      of: Count;
      records: { record: Count; heldMs: number }[];
      medianMs: number;
      worstMs: number;
      epsilonMs: number;
      attempts: Count;
    };

export type Headers =
  | { member: "prompt"; lagMs: number }
  | { member: "held"; until: "first-body-byte" | "bytes" | "timer" | "end" | "never"; heldForMs: number };

/** `queued`: the hop had not passed the request on. `reload`: the hop was reloaded in mid-stream. */
export type EndingCause = "origin-abort" | "queued" | "reload" | Limit | "unclassified" | "no-last-chunk" | "http-1.0" | "own";

export type Ending =
  | { member: "complete" }
  | { member: "truncated-visibly"; cause: EndingCause; afterMs: number; atMostMs?: number; how: string }
  | { member: "truncated-silently"; cause: EndingCause; afterMs: number; how: string; decoderCanTell: boolean }
  /** `atMostMs`: the longest that the timeout can have been. A first-byte timeout may run from the client's request; a write timeout may have
   *  ended when the client read on, since the end lies after unread bytes. */
  | { member: "error-response"; status: Status; cause: EndingCause; afterMs: number; atMostMs?: number }
  | { member: "no-response"; cause: EndingCause; afterMs: number; atMostMs?: number }
  | { member: "malformed"; what: string }
  /** `afterMs`: until the end of its input, or until it closed its upstream connection. */
  | { member: "hung"; cause: EndingCause; afterMs: number; atLeastMs: number };

export type Source =
  | { member: "origin" }
  /** The age is null if the origin made the body in another trial. */
  | { member: "cached"; nonce: string; ageMs: number | null }
  | { member: "collapsed"; nonce: string }
  | { member: "revalidated"; nonce: string }
  | { member: "stale"; nonce: string; ageMs: number }
  | { member: "retried"; times: Count };

export type Integrity = { member: "intact" } | { member: "altered"; how: string; offset: number | null; detail: string };

/** How the client left: by FIN or RST; over HTTP/2 by RST_STREAM(CANCEL) and over HTTP/3 by STOP_SENDING
 *  with the connection kept, or by closing the connection. */
export type Leaving = "fin" | "reset" | "cancel" | "close";

export type Disconnect = { leaving?: Leaving } & (
  | { member: "propagated"; afterMs: number }
  | { member: "propagated-on-next-write"; afterMs: number; writes: Count }
  /** By a timer of its own: neither immediately nor because of a write. */
  | { member: "propagated-late"; afterMs: number }
  | { member: "not-propagated"; atLeastMs: number; bytesSince: Amount; cause: "fill" | "kept" }
);

/** Resident memory of all processes of the hop together: before the first large body, and at the peak while one of `bodyBytes` passed. */
export interface MemoryFigures {
  reader: Reader;
  bodyBytes: Count;
  idleKb: Count;
  peakKb: Count;
}

export type Memory = ({ member: "bounded" } & MemoryFigures) | ({ member: "grows" } & MemoryFigures);

export interface Members {
  delivery: Delivery;
  headers: Headers;
  ending: Ending;
  source: Source;
  integrity: Integrity;
  disconnect: Disconnect;
  memory: Memory;
}

export type FacetName = keyof Members;

/** What one hop did to its own input. `masked`: not judged, because its input was already bad. */
export type HopObservation<M> = { hop: NodeId; masked: true; why: string } | { hop: NodeId; masked: false; observation: M };

export type EndingObservation =
  | { hop: NodeId; masked: true; why: string }
  | {
      hop: NodeId;
      masked: false;
      observation: Ending;
      /** This hop caused the ending; otherwise it passed on its input. */
      own?: boolean;
    };

/** One aspect of the response that the client received, in one case. */
export type Facet = {
  [F in FacetName]: {
    facet: F;
    /** The case that shows it. */
    case: string;
    observation: Members[F];
    /** Null if nothing is wrong. */
    culprit: NodeId | null;
    /** One sentence with the numbers. For people only. */
    evidence: string;
    /** What each hop did to its own input. */
    hops: (F extends "ending" ? EndingObservation : HopObservation<Members[F]>)[];
  };
}[FacetName];

export type FacetOf<F extends FacetName> = Extract<Facet, { facet: F }>;

/** A facet that was tested and could not be decided. */
export interface Inconclusive {
  facet: FacetName;
  case: string;
  why: string;
  /** The delay is within what this machine causes itself: another attempt may decide. */
  byMachine?: true;
  /** Another attempt of this case may decide it. */
  isOpenToAttempt?: true;
  /** The gaps between its records were too narrow for what this machine became: those of another attempt are wider. */
  wantsWiderGaps?: true;
  /** It was not checked: its figures could not be read. */
  notChecked?: SampleProblem;
  /** It took at most this long, whatever the member. */
  withinMs?: Amount;
}

export interface Verdict {
  facets: Facet[];
  inconclusive: Inconclusive[];
  /** The timeouts found in this trial. `ms` is by the clock of the culprit, as is `afterMs` of such an ending, and off by about
   *  `uncertaintyMs`: the lab stamps where a timeout begins and ends, and a faster clock multiplies what it is late by. Where the ending has
   *  `atMostMs`, it is an upper bound. */
  limits: {
    kind: Limit | "unclassified";
    ms: number;
    uncertaintyMs: number;
    culprit: NodeId;
    seenAs: "visible" | "silent" | "error-response" | "no-response" | "hung";
  }[];
}
