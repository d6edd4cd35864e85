// The words for what the wire did. `judge.ts` derives them from a trace; `words.ts` says them.

/** `origin`, a hop's id, or `client`. */
export type NodeId = string;

export type Limit = "first-byte-limit" | "idle-limit" | "total-limit";

export type Delivery =
  | { member: "incremental"; medianLagMs: number; worstLagMs: number; unexplained: number; by: "lock-step" | "paced" }
  | { member: "lagging"; records: number; lagMs: number }
  | { member: "batched"; by: "bytes"; atLeastBytes: number; atMostBytes: number }
  | { member: "batched"; by: "timer"; timerMs: number }
  | { member: "buffered"; released: "end" | "never"; atLeastBytes: number; flooded: boolean; heldForMs: number };

export type Headers =
  | { member: "prompt"; lagMs: number }
  | { member: "held"; until: "first-body-byte" | "bytes" | "timer" | "end" | "never"; heldForMs: number };

export type EndingCause = "origin-abort" | Limit | "limit-unclassified" | "no-last-chunk" | "http-1.0" | "own";

export type Ending =
  | { member: "complete" }
  | { member: "incomplete-visible"; cause: EndingCause; afterMs: number; how: string }
  | { member: "incomplete-silent"; cause: EndingCause; afterMs: number; how: string; decoderCanTell: boolean }
  /** `atMostMs`, of a limit on the first byte: how long it can have been at most, from the client's request on. That of the hop is seen
   *  only when it has been read, which may be late. */
  | { member: "error-response"; status: number; cause: EndingCause; afterMs: number; atMostMs?: number }
  | { member: "no-response"; cause: EndingCause; afterMs: number; atMostMs?: number }
  | { member: "malformed"; what: string }
  /** `afterMs` leads to what it made of nothing more: the end of its input, or its own letting go of its upstream. */
  | { member: "hung"; cause: EndingCause; afterMs: number; atLeastMs: number };

export type Source =
  | { member: "origin" }
  /** The age is null where the origin made the body in another trial. */
  | { member: "cached"; nonce: string; ageMs: number | null }
  | { member: "collapsed"; nonce: string }
  | { member: "revalidated"; nonce: string }
  | { member: "stale"; nonce: string; ageMs: number }
  | { member: "asked"; times: number };

export type Integrity = { member: "intact" } | { member: "altered"; how: string; offset: number | null; detail: string };

export type Disconnect =
  | { member: "at-once"; afterMs: number }
  | { member: "on-next-write"; afterMs: number; writes: number }
  /** By a clock of its own: neither at once nor because it was written to. */
  | { member: "late"; afterMs: number }
  | { member: "lost"; atLeastMs: number; bytesSince: number; cause: "fill" | "kept" };

export interface Members {
  delivery: Delivery;
  headers: Headers;
  ending: Ending;
  source: Source;
  integrity: Integrity;
  disconnect: Disconnect;
}

export type FacetName = keyof Members;

/** What one hop did to its own input; `masked`: its input was already bad, so that nothing can be said of it. */
export type HopFinding<M> = { hop: NodeId; masked: true; why: string } | { hop: NodeId; masked: false; finding: M };

/** One aspect of what the client was given, in one arm. */
export type Facet = {
  [F in FacetName]: {
    facet: F;
    /** The arm that shows it. */
    arm: string;
    finding: Members[F];
    /** Null where nothing is wrong. */
    culprit: NodeId | null;
    /** One sentence with the numbers, and where they were measured. */
    evidence: string;
    hops: HopFinding<Members[F]>[];
  };
}[FacetName];

export type FacetOf<F extends FacetName> = Extract<Facet, { facet: F }>;

/** A facet that was tested but could not be decided, and why. */
export interface Undecided {
  facet: FacetName;
  arm: string;
  why: string;
  /** What was seen is too near to what this machine itself does to a stream: played once more, it may be decided. */
  byMachine?: true;
  /** Whichever it was, it took no longer than this, in milliseconds. */
  withinMs?: number;
}

export interface Verdict {
  facets: Facet[];
  undecided: Undecided[];
  /** A limit of time that was found in this trial, with its owner; `ms` by its owner's own clock, as `afterMs` of an ending that is one. */
  limits: {
    kind: Limit | "limit-unclassified";
    ms: number;
    culprit: NodeId;
    tells: "visible" | "silent" | "error-response" | "no-response" | "hung";
  }[];
}
