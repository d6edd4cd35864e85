// Compares a scenario with the same one in an earlier report. Pure.
import type { Headline, Outcome } from "../model/outcome.ts";
import type { FacetName } from "../model/verdict.ts";
import type { Comparison, ScenarioReport } from "./report.ts";

/** The fields of an earlier report that a comparison needs; another version may have written it. */
export interface Baseline {
  scenarios: Before[];
}

interface Before {
  id: string;
  outcome: Outcome;
  headline: Headline;
  culprit: string | null;
  facets: { facet: FacetName; case: string; observation: { member: string }; culprit: string | null }[];
  cases: { id: string; point?: Record<string, string> }[];
}

export const besideBaseline = (now: ScenarioReport, { scenarios }: Baseline): ScenarioReport => ({
  ...now,
  baseline: compare(now, scenarios.find(({ id }) => id === now.id) ?? null),
});

const compare = (now: ScenarioReport, before: Before | null): Comparison | null => {
  const failed = before?.outcome === "fail";
  if (now.outcome === "pass") return failed ? { change: "fixed", was: wordsOf(before) } : null;
  if (now.outcome !== "fail") return null;
  return { change: failed && isNoWorse(now, before) ? "known" : "new", was: before ? wordsOf(before) : "not in it" };
};

const wordsOf = ({ outcome, headline, culprit }: Before): string =>
  [outcome, ...(headline === "not-judged" ? [] : [headline]), ...(culprit === null ? [] : [`culprit: ${culprit}`])].join(" · ");

/** The same headline and culprit, and no new fault in a facet that the scenario names. */
const isNoWorse = (now: ScenarioReport, before: Before): boolean => {
  if (now.headline !== before.headline || now.culprit !== before.culprit) return false;
  const named = new Set(Object.keys(now.expected).map((key) => facetOf[key]));
  const known = new Set(faults(before).map(({ key }) => key));
  return faults(now).every(({ facet, key }) => !named.has(facet) || known.has(key));
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
  memory: "memory",
};

/** Each fault with its culprit and its point on the axes of a sweep. */
const faults = ({ facets, cases }: Before): { facet: FacetName; key: string }[] => {
  const points = new Map(cases.map(({ id, point }) => [id, point ?? {}]));
  return facets
    .filter(({ culprit }) => culprit !== null)
    .map(({ facet, case: trialCase, observation, culprit }) => ({
      facet,
      key: JSON.stringify([facet, observation.member, culprit, points.get(trialCase)]),
    }));
};
