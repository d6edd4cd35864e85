// Short holds of the header section: one attempt alone does not distinguish them from a delay of the machine. Pure.
import { plainTimers } from "../sequels.ts";
import { isSameCase } from "../case-identity.ts";
import type { Trace } from "../trace.ts";
import type { Facet, Verdict } from "../verdict.ts";
import type { Tolerance } from "./tolerance.ts";
import { caseIn, hopsOf, ms } from "./view.ts";

/** How long a hop held the header section by a timer; null if it did not. */
const timerOf = ({ facet, observation }: Facet): number | null =>
  facet === "headers" && observation.member === "held" && observation.until === "timer" ? observation.heldForMs : null;

const isOfSameCase = (one: Facet, other: Facet, trace: Trace): boolean => {
  const [mine, others] = [caseIn(trace, one.case), caseIn(trace, other.case)];
  return mine !== undefined && others !== undefined && isSameCase(mine.case, others.case);
};

/** The waits of the machine meanwhile: a hold of so many times as long is plain. */
const plainWaits = 4;

const isShort = (facet: Facet, trace: Trace, tolerance: Tolerance): boolean => {
  const heldForMs = timerOf(facet);
  const trialCase = caseIn(trace, facet.case);
  if (heldForMs === null || facet.culprit === null || !trialCase) return false;
  const from = hopsOf(trace, trialCase, 0).find(({ hop }) => hop === facet.culprit)?.input?.response?.at ?? trialCase.startedAt;
  return heldForMs < Math.max(plainTimers * tolerance.baseMs, plainWaits * tolerance.of(facet.culprit, from, from + heldForMs));
};

/** A short hold counts if two attempts show it. If only one does, the machine caused it, and the other attempt counts. */
export const confirmShortHolds = (verdict: Verdict, trace: Trace, tolerance: Tolerance): void => {
  const short = verdict.facets.filter((facet) => isShort(facet, trace, tolerance));
  const isSame = (one: Facet, other: Facet): boolean => {
    const [timerMs, otherMs] = [timerOf(one), timerOf(other)];
    if (timerMs === null || otherMs === null || one.culprit !== other.culprit) return false;
    return Math.abs(otherMs - timerMs) <= Math.max(tolerance.baseMs, timerMs / 4);
  };
  const once = short.filter((facet) => !verdict.facets.some((other) => other !== facet && isSame(facet, other)));
  verdict.facets = verdict.facets.filter((facet) => !once.includes(facet));
  for (const facet of once) {
    if (verdict.facets.some((other) => other.facet === "headers" && isOfSameCase(other, facet, trace))) continue;
    verdict.inconclusive.push({
      facet: "headers",
      case: facet.case,
      why: `${facet.culprit} passed the header section on ${ms(timerOf(facet) ?? 0)} late, and no second attempt showed it`,
      byMachine: true,
    });
  }
};
