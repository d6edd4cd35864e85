// Timeouts by the clock of the servers, which may run faster than the lab's. Pure.
import { isLimitCause } from "../verdict.ts";
import type { Ending, EndingCause, Facet, Verdict } from "../verdict.ts";
import { ms as inWords } from "./view.ts";

/** Converts timeouts to the clock of the servers: of endings in place, and of the listed limits. Nothing else scales, since only the servers
 *  read the faster clock, not the kernel. */
export const byServersClock = (facets: readonly Facet[], limits: Verdict["limits"], timeScale: number): Verdict["limits"] => {
  if (timeScale === 1) return limits;
  const scaled = (observation: Ending): Ending => {
    if (!("cause" in observation) || !isTimed(observation.cause)) return observation;
    const atMost = "atMostMs" in observation && observation.atMostMs !== undefined ? { atMostMs: observation.atMostMs * timeScale } : {};
    return { ...observation, afterMs: observation.afterMs * timeScale, ...atMost };
  };
  for (const facet of facets) {
    if (facet.facet !== "ending") continue;
    facet.observation = scaled(facet.observation);
    facet.hops = facet.hops.map((hop) => (hop.masked ? hop : { ...hop, observation: scaled(hop.observation) }));
  }
  return limits.map((limit) => ({ ...limit, ms: limit.ms * timeScale, uncertaintyMs: limit.uncertaintyMs * timeScale }));
};

/** The addition to the evidence of a timeout that was measured with faster clocks. */
export const howMeasured = ({ facet, observation }: Facet, timeScale: number): string =>
  timeScale !== 1 && facet === "ending" && "cause" in observation && isTimed(observation.cause)
    ? `; measured in ${inWords(observation.afterMs / timeScale)} with a clock that ran ${timeScale}× faster`
    : "";

/** A server that was reloaded ends what is left by its own clock. */
const isTimed = (cause: EndingCause): boolean => isLimitCause(cause) || cause === "reload";
