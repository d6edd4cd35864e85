// From a trace to its verdict: every facet that the trace tests, as the client saw it, with the culprit. Pure.
import type { Case } from "../script.ts";
import type { CaseTrace, Trace } from "../trace.ts";
import type { Facet, Inconclusive, Verdict } from "../verdict.ts";
import { isLaterAttempt } from "../case-identity.ts";
import { addWhatIsMissing } from "./application.ts";
import { settleDelivery } from "./attempts.ts";
import type { Settled } from "./attempts.ts";
import { caseView } from "./case-view.ts";
import { addDisconnect, otherStreamFault, testsDisconnect } from "./disconnect.ts";
import { addEnding } from "./ending-at-client.ts";
import { evidenceOf } from "./evidence.ts";
import { addHeaders } from "./headers.ts";
import { addIntegrity } from "./integrity.ts";
import { classifyLimits } from "./limits.ts";
import { addMemory, testsMemory } from "./memory.ts";
import { byServersClock, howMeasured } from "./servers-clock.ts";
import { confirmShortHolds } from "./short-holds.ts";
import { sightOf } from "./sight.ts";
import { addSources } from "./source.ts";
import type { Tolerance } from "./tolerance.ts";
import { toleranceOf } from "./tolerance.ts";
import { addUnanswered } from "./unanswered.ts";
import { caseIn, hopsOf } from "./view.ts";

/** The same trace always gives the same verdict. Never throws on a trace that its schema allows. */
export const judge = (trace: Trace): Verdict => {
  const verdict: Verdict = { facets: [], inconclusive: [], limits: [] };
  if (trace.harnessFault !== null) return verdict;
  const tolerance = toleranceOf(trace);
  const toleranceIn = (trialCase: Case): Tolerance => toleranceOf(trace, trialCase);
  const sights = trace.cases.flatMap((one) =>
    testsDisconnect(one) || testsMemory(one) ? [] : (sightOf(one, hopsOf(trace, one, 0), toleranceIn(one.case)) ?? []),
  );
  const settled = settleDelivery(sights, toleranceIn);
  for (const one of trace.cases) if (!testsMemory(one)) judgeCase(trace, one, toleranceIn(one.case), verdict, settled.get(one.case.id));
  addMemory(trace, verdict);
  confirmShortHolds(verdict, trace, tolerance);
  classifyLimits(verdict, trace, tolerance);
  verdict.inconclusive = verdict.inconclusive.filter((open) => !isOvertaken(open, verdict, trace));
  verdict.limits = byServersClock(verdict.facets, verdict.limits, trace.timeScale);
  sameClock(verdict.facets, tolerance.baseMs);
  // Last: the evidence of an ending names its cause, which only the whole trial shows.
  for (const facet of verdict.facets)
    facet.evidence = facet.evidence === "" ? evidenceOf(facet) + howMeasured(facet, trace.timeScale) : facet.evidence;
  return verdict;
};

/** A later attempt of the same case shows the facet, and counts. */
const isOvertaken = (open: Inconclusive, { facets }: Verdict, trace: Trace): boolean => {
  const left = caseIn(trace, open.case)?.case;
  return facets.some((facet) => {
    const shown = facet.facet === open.facet ? caseIn(trace, facet.case)?.case : undefined;
    return left !== undefined && shown !== undefined && isLaterAttempt(shown, left);
  });
};

/** A hop with a clock of its own drops its upstream after the same time in every case. A write that arrived just then was not the cause. */
const sameClock = (facets: Facet[], epsilonMs: number): void => {
  for (const facet of facets) {
    if (facet.facet !== "disconnect" || facet.observation.member !== "propagated-on-next-write") continue;
    const { afterMs, leaving } = facet.observation;
    const isClock = facets.some(
      ({ facet: name, observation, culprit }) =>
        name === "disconnect" &&
        observation.member === "propagated-late" &&
        culprit === facet.culprit &&
        Math.abs(observation.afterMs - afterMs) <= Math.max(2 * epsilonMs, 0.1 * afterMs),
    );
    if (isClock) facet.observation = { member: "propagated-late", afterMs, ...(leaving ? { leaving } : {}) };
  }
};

const judgeCase = (trace: Trace, trialCase: CaseTrace, tolerance: Tolerance, verdict: Verdict, settled: Settled | undefined): void => {
  if (addUnanswered(trace, trialCase, verdict)) return;
  const seen = caseView(trace, trialCase, tolerance);
  const isLeaving = testsDisconnect(trialCase);
  if (settled && "facet" in settled) verdict.facets.push(settled.facet);
  else if (settled) verdict.inconclusive.push(settled.inconclusive);
  addHeaders(seen, !isLeaving, verdict);
  if (isLeaving) judgeLeaving(trace, trialCase, tolerance, verdict);
  else {
    addEnding(seen, verdict);
    addIntegrity(seen, verdict);
    addSources(seen, verdict);
  }
  if (trace.origin === "application") addWhatIsMissing(seen, verdict);
};

/** Where a client leaves, only disconnect is judged; if the other stream of its connection was harmed, the ending of that stream instead. */
const judgeLeaving = (trace: Trace, trialCase: CaseTrace, tolerance: Tolerance, verdict: Verdict): void => {
  const why = otherStreamFault(trace, trialCase);
  if (why === null) return addDisconnect(caseView(trace, trialCase, tolerance), verdict);
  verdict.inconclusive.push({ facet: "disconnect", case: trialCase.case.id, why });
  addEnding(caseView(trace, trialCase, tolerance, 1), verdict);
};
