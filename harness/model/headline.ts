// The word on the card. Pure.
import { isLimitCause } from "./verdict.ts";
import type { Facet } from "./verdict.ts";

/** `timed-out` stands for any ending whose cause is a timeout. `crashed` is no facet, since the wire does not show why a hop
 *  is gone. */
export type Headline = Facet["observation"]["member"] | "timed-out" | "crashed" | "not-judged";

export const headlineOf = (facet: Facet): Headline =>
  "cause" in facet.observation && isLimitCause(facet.observation.cause) ? "timed-out" : facet.observation.member;
