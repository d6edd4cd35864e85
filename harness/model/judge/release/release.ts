// The shape of a rule for what releases held records, and its input.
import type { CaseTrace, Exchange } from "../../trace.ts";
import type { Delivery } from "../../verdict.ts";
import type { Tolerance } from "../tolerance.ts";
import type { Passage } from "./passage.ts";

export interface Seen {
  hop: string;
  input: Exchange;
  output: Exchange;
  case: CaseTrace;
  tolerance: Tolerance;
  /** All records that can be judged, the flood's included. */
  passages: readonly Passage[];
  /** Those that are not part of the flood. */
  ordinary: readonly Passage[];
  /** The median ε. */
  epsilonMs: number;
  /** The client confirmed each record of the lock-step in time, so no record can have waited for a later one. */
  isConfirmed: boolean;
}

export interface Found {
  cause: Delivery;
  /** How many releases agree with it. What one event shows beyond doubt is `plainly` so. */
  times: number;
}

/** One event shows it: nothing left before the end, say. */
export const plainly = Infinity;

/** Fewer releases agree by chance: three random waits of up to a second lie within a tenth of each other once in some dozens of trials. */
export const sureTimes = 4;

/** Null if this did not release the late records. */
export type Release = (seen: Seen) => Found | null;

/** The share of the late records that a cause has to explain. */
export const explainedShare = 0.8;
