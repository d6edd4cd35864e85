// Short timers, which one arm alone does not tell from what a machine does once in a while. Pure.
import { plainTimers } from "../sequels.ts";
import { againOf, isAgain } from "../sweep.ts";
import type { Facet, Verdict } from "../verdict.ts";
import { ms } from "./view.ts";

/** How long a hop held something by a time of its own; null where it did not. */
const timerOf = ({ facet, finding }: Facet): number | null => {
  if (facet === "delivery" && finding.member === "batched" && finding.by === "timer") return finding.timerMs;
  return facet === "headers" && finding.member === "held" && finding.until === "timer" ? finding.heldForMs : null;
};

/** A short timer is one if it is seen twice: a machine holds a few records in a row, too. What is seen once only was the machine's, and
 *  the second arm tells in its place. */
export const seenTwice = (verdict: Verdict, epsilonMs: number): void => {
  const short = verdict.facets.filter((facet) => (timerOf(facet) ?? Infinity) < plainTimers * epsilonMs);
  const isSame = (one: Facet, other: Facet): boolean => {
    const [timerMs, otherMs] = [timerOf(one), timerOf(other)];
    if (timerMs === null || otherMs === null || one.facet !== other.facet || one.culprit !== other.culprit) return false;
    return Math.abs(otherMs - timerMs) <= Math.max(epsilonMs, timerMs / 4);
  };
  const once = short.filter((facet) => !verdict.facets.some((other) => other !== facet && isSame(facet, other)));
  verdict.facets = verdict.facets.filter((facet) => !once.includes(facet));
  for (const facet of once) {
    const partner = isAgain(facet.arm) ? facet.arm.replace("-again", "") : againOf(facet.arm);
    if (verdict.facets.some((other) => other.facet === facet.facet && other.arm === partner)) continue;
    verdict.undecided.push({
      facet: facet.facet,
      arm: facet.arm,
      why: `${facet.culprit} let ${facet.facet === "headers" ? "the header section" : "each record"} go ${ms(timerOf(facet) ?? 0)} late, which was not seen twice`,
      byMachine: true,
    });
  }
};
