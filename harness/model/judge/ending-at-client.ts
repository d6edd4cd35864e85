// The ending that the client saw, and the hop that caused it. Pure.
import type { EndingObservation, Verdict } from "../verdict.ts";
import { present } from "./case-view.ts";
import type { CaseView } from "./case-view.ts";
import { judgeEnding } from "./ending.ts";
import type { Tolerance } from "./tolerance.ts";
import { ms } from "./view.ts";

type Shown = Extract<EndingObservation, { masked: false }>;

/** Adds how the response ended. */
export const addEnding = ({ case: trialCase, hops: views, tolerance }: CaseView, verdict: Verdict): void => {
  const { id } = trialCase.case;
  const hops = present(views.map((view) => judgeEnding(view, trialCase, tolerance)));
  const shown = hops.filter((one): one is Shown => !one.masked);
  const last = shown.at(-1);
  if (!last) return;
  // The hop nearest the client that changed the ending; if none did, the origin.
  const owner = shown.findLast(({ own }) => own);
  const { observation, hop } = owner && owner.observation.member !== "complete" ? owner : last;
  const why = owner ? doubtOf({ observation, hop }, tolerance) : null;
  if (why !== null) verdict.inconclusive.push({ facet: "ending", case: id, why, byMachine: true });
  else {
    const culprit = owner ? hop : observation.member === "complete" ? null : "origin";
    verdict.facets.push({ facet: "ending", case: id, observation, culprit, evidence: "", hops });
  }
};

/** Why the machine may have caused a hang; null if it did not. */
const doubtOf = ({ observation, hop }: Pick<Shown, "observation" | "hop">, { baseMs, worstMs }: Tolerance): string | null =>
  observation.member === "hung" && observation.atLeastMs < Math.max(2 * worstMs, 10 * baseMs)
    ? `${hop} left the client waiting ${ms(observation.atLeastMs)}, and the control also waited up to ${ms(worstMs)} for a record`
    : null;
