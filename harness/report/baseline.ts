// "No worse than there": a scenario beside the same one of an earlier report. Pure.
import type { Headline, Outcome } from "../model/outcome.ts";
import type { FacetName } from "../model/verdict.ts";
import type { Comparison, ScenarioReport } from "./report.ts";

/** What a comparison needs of an earlier report, which another version may have written. */
export interface Baseline {
  scenarios: Before[];
}

interface Before {
  id: string;
  outcome: Outcome;
  headline: Headline;
  culprit: string | null;
  facets: { facet: FacetName; arm: string; finding: { member: string }; culprit: string | null }[];
  arms: { id: string; point?: Record<string, string> }[];
}

export const besideBaseline = (now: ScenarioReport, { scenarios }: Baseline): ScenarioReport => ({
  ...now,
  baseline: compare(now, scenarios.find(({ id }) => id === now.id) ?? null),
});

const compare = (now: ScenarioReport, before: Before | null): Comparison | null => {
  const failed = before?.outcome === "fail";
  if (now.outcome === "pass") return failed ? { change: "fixed", was: wordsOf(before) } : null;
  if (now.outcome !== "fail") return null;
  return { change: failed && isNoWorse(now, before) ? "known" : "new", was: before ? wordsOf(before) : "not there" };
};

const wordsOf = ({ outcome, headline, culprit }: Before): string =>
  [outcome, ...(headline === "not-judged" ? [] : [headline]), ...(culprit === null ? [] : [`culprit: ${culprit}`])].join(" · ");

/** The same word and the same culprit, and nothing else that the scenario speaks of has gone wrong since. */
const isNoWorse = (now: ScenarioReport, before: Before): boolean => {
  if (now.headline !== before.headline || now.culprit !== before.culprit) return false;
  const spoken = new Set(Object.keys(now.expected).map((key) => facetOf[key]));
  const known = new Set(faults(before).map(({ key }) => key));
  return faults(now).every(({ facet, key }) => !spoken.has(facet) || known.has(key));
};

const facetOf: Record<string, FacetName> = {
  deliver: "delivery",
  headers: "headers",
  end: "ending",
  cause: "ending",
  surviveSilenceMs: "ending",
  source: "source",
  integrity: "integrity",
  disconnect: "disconnect",
  noticeDisconnectWithinMs: "disconnect",
};

/** What is wrong with whom, and where on the axes of a sweep. */
const faults = ({ facets, arms }: Before): { facet: FacetName; key: string }[] => {
  const points = new Map(arms.map(({ id, point }) => [id, point ?? {}]));
  return facets
    .filter(({ culprit }) => culprit !== null)
    .map(({ facet, arm, finding, culprit }) => ({ facet, key: JSON.stringify([facet, finding.member, culprit, points.get(arm)]) }));
};
