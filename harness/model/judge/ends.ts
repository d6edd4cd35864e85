// How a hop's input and output ended: the input and the results of the rules of an ending. Pure.
import type { CaseTrace, Exchange } from "../trace.ts";
import type { Ending, EndingCause, EndingObservation } from "../verdict.ts";
import type { Terminal } from "./terminal.ts";
import type { Tolerance } from "./tolerance.ts";

/** One hop of one case, and how its input and its output ended. */
export interface Ends {
  hop: string;
  input: Exchange | null;
  output: Exchange;
  /** Null: it sent no request to its upstream. */
  given: Terminal | null;
  gave: Terminal;
  case: CaseTrace;
  tolerance: Tolerance;
  /** The input is its first request to the upstream, not a retry. */
  isFirstRequest: boolean;
}

export const mask = ({ hop }: Ends, why: string): EndingObservation => ({ hop, masked: true, why });

/** The upstream is to blame for whatever a hop does with an input that is not HTTP. */
export const found = ({ hop, given }: Ends, observation: Ending, own: boolean): EndingObservation => ({
  hop,
  masked: false,
  observation,
  own: own && given?.state !== "malformed",
});

export const sinceOf = ({ input, output }: Ends): number => input?.request.at ?? output.request.at;

export const limitOf = (input: Exchange): EndingCause => (input.response === null ? "first-byte-timeout" : "unclassified");

export const causeOf = (given: Terminal, trialCase: CaseTrace): EndingCause =>
  given.state !== "complete" && trialCase.origin.some((exchange) => exchange.aborted !== null) ? "origin-abort" : "own";
