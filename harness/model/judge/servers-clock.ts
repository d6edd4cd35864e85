// Limits in the time of the servers, whose clocks may run faster than the lab's. Pure.
import type { Ending, EndingCause, Facet, Verdict } from "../verdict.ts";
import { ms as inWords } from "./view.ts";

/** Tells limits by the clock of the servers, which ran so many times faster than the lab's: of endings in place, and of those listed.
 *  Nothing else scales: what a hop does without a clock of its own, or by the kernel's, takes as long as ever. */
export const byServersClock = (facets: readonly Facet[], limits: Verdict["limits"], timeScale: number): Verdict["limits"] => {
  if (timeScale === 1) return limits;
  const scaled = (finding: Ending): Ending => {
    if (!("cause" in finding) || !isTimed(finding.cause)) return finding;
    const atMost = "atMostMs" in finding && finding.atMostMs !== undefined ? { atMostMs: finding.atMostMs * timeScale } : {};
    return { ...finding, afterMs: finding.afterMs * timeScale, ...atMost };
  };
  for (const facet of facets) {
    if (facet.facet !== "ending") continue;
    facet.finding = scaled(facet.finding);
    facet.hops = facet.hops.map((hop) => (hop.masked ? hop : { ...hop, finding: scaled(hop.finding) }));
  }
  return limits.map((limit) => ({ ...limit, ms: limit.ms * timeScale }));
};

/** What the evidence of a limit says besides, where it was found in less time than it lasts. */
export const howMeasured = ({ facet, finding }: Facet, timeScale: number): string =>
  timeScale !== 1 && facet === "ending" && "cause" in finding && isTimed(finding.cause)
    ? `; by a clock that ran ${timeScale} times faster that took ${inWords(finding.afterMs / timeScale)}`
    : "";

const isTimed = (cause: EndingCause): boolean => cause.endsWith("-limit") || cause === "limit-unclassified";
