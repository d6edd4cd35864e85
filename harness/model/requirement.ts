// What a scenario requires, and which facets deviate from it. Pure.
import type { Must, Scenario } from "../define/scenario.ts";
import { headlineOf } from "./headline.ts";
import type { Facet, FacetName, Verdict } from "./verdict.ts";

/** For each requirement the facets that deviate from it; the first deviation is the headline. */
export const deviations: {
  [K in keyof Must]-?: { facet: FacetName; words: (must: Must) => string; deviates: (must: Must, facet: Facet) => boolean };
} = {
  deliver: { facet: "delivery", words: () => "deliver: incrementally", deviates: (_, facet) => facet.observation.member !== "incremental" },
  headers: { facet: "headers", words: () => "headers: promptly", deviates: (_, facet) => facet.observation.member !== "prompt" },
  end: {
    facet: "ending",
    words: (must) => `end: ${must.end}`,
    deviates: (must, facet) => facet.observation.member !== "complete" && (must.end === "complete" || !isVisible(facet)),
  },
  surviveSilenceMs: {
    facet: "ending",
    words: (must) => `surviveSilenceMs: ${must.surviveSilenceMs}`,
    // A timeout longer than the required silence is no deviation. Anything else that held the record after the silence is one.
    deviates: (must, facet) =>
      facet.facet === "ending" &&
      facet.observation.member !== "complete" &&
      !(headlineOf(facet) === "timed-out" && atMost(facet.observation) >= (must.surviveSilenceMs ?? 0)),
  },
  source: { facet: "source", words: () => "source: origin", deviates: (_, facet) => facet.observation.member !== "origin" },
  integrity: { facet: "integrity", words: () => "integrity: intact", deviates: (_, facet) => facet.observation.member !== "intact" },
  noticeDisconnectWithinMs: {
    facet: "disconnect",
    words: (must) => `noticeDisconnectWithinMs: ${must.noticeDisconnectWithinMs}`,
    deviates: (must, facet) =>
      facet.facet === "disconnect" &&
      (facet.observation.member === "not-propagated" || facet.observation.afterMs > (must.noticeDisconnectWithinMs ?? 0)),
  },
  memory: { facet: "memory", words: () => "memory: bounded", deviates: (_, facet) => facet.observation.member !== "bounded" },
};

export const facetsRequired = (must: Must): Set<FacetName> =>
  new Set((Object.keys(must) as (keyof Must)[]).map((key) => deviations[key].facet));

/** Requirements that the application made testable: for one that never ends, `end` is dropped. */
export const testableIn = (scenario: Scenario, verdict: Verdict): Scenario => {
  if (!("must" in scenario)) return scenario;
  const occasions = new Set<FacetName>(verdict.facets.map(({ facet }) => facet));
  const kept = (Object.keys(scenario.must) as (keyof Must)[]).filter((key, index) => index === 0 || occasions.has(deviations[key].facet));
  return { ...scenario, must: Object.fromEntries(kept.map((key) => [key, scenario.must[key]])) };
};

/** Whether it breaks something of what must hold. */
export const deviates = (must: Must, facet: Facet): boolean =>
  (Object.keys(must) as (keyof Must)[]).some((key) => deviations[key].facet === facet.facet && deviations[key].deviates(must, facet));

/** The longest that a timeout can have been. */
const atMost = (observation: Facet["observation"]): number =>
  "atMostMs" in observation && observation.atMostMs !== undefined
    ? observation.atMostMs
    : "afterMs" in observation
      ? observation.afterMs
      : 0;

/** Only an error status distinguishes an answer in the origin's place from the origin's. */
const isVisible = ({ observation }: Facet): boolean =>
  observation.member === "error-response"
    ? observation.status >= 400
    : observation.member === "truncated-visibly" || observation.member === "no-response";
