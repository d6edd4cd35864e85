// Compares the verdict on a plan with what the plan implies.
import { judge } from "../../harness/model/judge/judge.ts";
import { leastEpsilonMs } from "../../harness/model/judge/tolerance.ts";
import { decide } from "../../harness/model/outcome.ts";
import type { Outcome } from "../../harness/model/outcome.ts";
import { nextCases } from "../../harness/model/sequels.ts";
import type { Case } from "../../harness/model/script.ts";
import type { Trace } from "../../harness/model/trace.ts";
import type { Facet, Verdict } from "../../harness/model/verdict.ts";
import type { Plan } from "./plan.ts";
import { hopId, traceOfPlan } from "./simulated.ts";
import { casesOf, someLeftInTime } from "./truth.ts";
import type { Claim } from "./truth.ts";

export interface Found {
  outcome: Outcome;
  why: string;
  facets: readonly Facet[];
  trace: Trace | null;
}

export interface Scored {
  score: "right" | "wrong" | "inconclusive";
  /** The verdict in a few words, and why. */
  why: string;
}

/** The same for each plan. */
export const must = { deliver: "incrementally", integrity: "intact", source: "origin", end: "complete" } as const;

export const scored = (claim: Claim, { outcome, why, facets, trace }: Found): Scored => {
  const accused = facets.filter(({ culprit }) => culprit !== null);
  const found = `${outcome}: ${why}`;
  const other = accused.find(({ facet, culprit }) => claim === "harmless" || facet !== "delivery" || culprit !== hopId);
  if (other) return { score: "wrong", why: `${other.facet} ${other.observation.member}, culprit ${other.culprit}: ${other.evidence}` };
  if (accused.some(({ observation }) => observation.member === "buffered") && trace && someLeftInTime(trace))
    return { score: "wrong", why: `called buffered although records left in time: ${found}` };
  if (outcome === (claim === "late" ? "fail" : "pass")) return { score: "right", why: found };
  return { score: outcome === "inconclusive" ? "inconclusive" : "wrong", why: found };
};

/** As a trace, with further attempts as in a run. */
export const foundInTrace = (plan: Plan): Found => {
  const epsilonMs = leastEpsilonMs;
  const circumstances = { request: {}, response: {}, epsilonMs, limitMs: null };
  const casesAfter = ({ cases }: Trace, found: Verdict): Case[] => nextCases(plan.trial, circumstances, cases, { epsilonMs, ...found });
  let trace = traceOfPlan(plan, casesOf(plan, epsilonMs));
  let verdict = judge(trace);
  for (let next = casesAfter(trace, verdict); next.length > 0; next = casesAfter(trace, verdict)) {
    // Each attempt has a time of its own.
    trace = { ...trace, cases: [...trace.cases, ...traceOfPlan(plan, next, undefined, 1000).cases] };
    verdict = judge(trace);
  }
  const { outcome, why } = decide({ title: "A random pattern", chain: [{ app: "sse" }, hopId], trial: plan.trial, must }, verdict);
  return { outcome, why, facets: verdict.facets, trace };
};
