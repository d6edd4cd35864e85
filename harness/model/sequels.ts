// The cases of a trial that follow from the results of its first ones. Pure.
import { definitionOf } from "../trials/index.ts";
import type { Trial } from "../trials/index.ts";
import { builder, unconditional } from "./case-builder.ts";
import type { Circumstances, Settings } from "./case-builder.ts";
import { isUnclassified } from "./judge/cut.ts";
import type { Case } from "./script.ts";
import { firstIdOf, identified, isFurtherAttempt, isSameCase } from "./case-identity.ts";
import { atPoint, mostAttempts, pointsOf } from "./sweep.ts";
import type { CaseTrace } from "./trace.ts";
import type { Facet, Inconclusive } from "./verdict.ts";
import { firstCases } from "./first-cases.ts";
import { headersLateMs, recordsLateMs } from "./late-records.ts";
import { mostPlannedEpsilonMs } from "./pace.ts";

/** The results so far, and ε so far. */
export interface SeenSoFar {
  epsilonMs: number;
  /** The ε that attempts with wider gaps are planned for; default: the one so far. */
  plannedMs?: number;
  facets: readonly Facet[];
  inconclusive: readonly Inconclusive[];
}

/** The cases that follow from the results so far: what the trial itself wants next; else further attempts of cases whose result is open, or
 *  whose records were a little late. */
export const nextCases = (
  trial: Trial,
  circumstances: Circumstances,
  seen: readonly CaseTrace[],
  { epsilonMs, plannedMs = epsilonMs, facets, inconclusive }: SeenSoFar,
): Case[] => {
  const { follow, showsLateRecords = false } = definitionOf(trial);
  if (!follow) {
    const widestMs = Math.min(mostPlannedEpsilonMs, plannedMs);
    const planned = firstCases(trial, { ...circumstances, epsilonMs: Math.max(circumstances.epsilonMs, widestMs) });
    const wanted = nextAttempts(seen, { facets, inconclusive }, planned);
    const late = showsLateRecords ? furtherAttemptsOfLate(circumstances, epsilonMs, seen) : [];
    return [...wanted, ...late.filter(({ id }) => !wanted.some((one) => one.id === id))];
  }
  if (seen.some(({ case: trialCase }) => isFurtherAttempt(trialCase))) return [];
  const isOpen = (trialCase: Case): boolean => facets.some((facet) => facet.case === trialCase.id && isUnclassified(facet));
  const points = pointsOf(circumstances.request, circumstances.response, trial).map((point) => ({
    at: point.at,
    build: builder(point, circumstances),
    placed: (trialCase: Case) => atPoint(trialCase, point),
  }));
  return follow({ seen, isOpen, again, points });
};

/** The machine does not cause a hold of this many ε. A shorter one must show in two attempts. */
export const plainTimers = 20;

/** The final ε is known only after the trial, and may grow until then. */
const growth = 1.5;

/** Of the cases whose records were a little late. A confirmed lock-step is repeated unchanged: usually the machine was busy, and the second
 *  attempt is on time. If that is late, too, the third attempt runs all steps. */
const furtherAttemptsOfLate = ({ epsilonMs: before }: Settings, epsilonMs: number, seen: readonly CaseTrace[]): Case[] =>
  attemptsIn(seen).flatMap((attempts) => {
    const [first, last] = [attempts[0], attempts.at(-1)];
    if (!first || !last || attempts.length >= mostAttempts || (attempts.length > 1 && !isQuick(last.case))) return [];
    const lateMs = Math.max(recordsLateMs(last), headersLateMs(last));
    const isShort = lateMs < growth * plainTimers * Math.max(before, epsilonMs);
    if (lateMs <= Math.min(before, epsilonMs) || !isShort) return [];
    return [attempts.length === 1 ? sameAgain(last.case) : again(last.case, { ...last.case, title: first.case.title })];
  });

/** The attempts of each case, in order. */
const attemptsIn = (seen: readonly CaseTrace[]): CaseTrace[][] => [
  ...Map.groupBy(seen, ({ case: trialCase }) => firstIdOf(trialCase)).values(),
];

/** A lock-step that is over once all records are confirmed. */
const isQuick = ({ script }: Pick<Case, "script">): boolean => script.steps.some((step) => "only" in step);

const sameAgain = (last: Case, title = last.title): Case => {
  const attempt = last.attempt + 1;
  return { ...identified(last, { attempt }), title: `${title}, attempt ${attempt}` };
};

/** The next attempt of a case, the same or as it is planned now. It runs all steps of a lock-step, confirmed or not: only several gaps and
 *  sizes distinguish a timer from a rate. */
const again = (last: Case, { script, title, clients }: Pick<Case, "script" | "title" | "clients"> = last): Case => ({
  ...sameAgain(last, title),
  script: { ...script, steps: isQuick({ script }) ? script.steps.map(unconditional) : script.steps },
  clients,
});

/** Further attempts of the cases whose result one attempt leaves open: the machine may have caused it. `planned`: the first attempts of all
 *  cases, as they are planned now, for those that need wider gaps. */
export const nextAttempts = (
  seen: readonly CaseTrace[],
  { facets, inconclusive }: Pick<SeenSoFar, "facets" | "inconclusive">,
  planned: readonly Case[] = [],
): Case[] =>
  attemptsIn(seen).flatMap((attempts) => {
    const [first, last] = [attempts[0]?.case, attempts.at(-1)?.case];
    if (!first || !last || attempts.length >= mostAttempts) return [];
    const open = inconclusive.filter(
      ({ case: trialCase, isOpenToAttempt }) => isOpenToAttempt && attempts.some((one) => one.case.id === trialCase),
    );
    const isFullRepeat = attempts.length > 1 && !isQuick(last);
    if (open.length === 0 && (isFullRepeat || !isVague(last, facets))) return [];
    const wider = open.some(({ wantsWiderGaps }) => wantsWiderGaps) ? planned.find((one) => isSameCase(one, last)) : undefined;
    return [again(last, wider ?? { ...last, title: first.title })];
  });

/** A confirmed lock-step has one size and no gaps: the release cause is not visible yet. */
const isVague = ({ id, script }: Case, facets: readonly Facet[]): boolean =>
  script.steps.some((step) => step.do === "lock-step") &&
  facets.some(
    ({ facet, case: trialCase, observation }) =>
      facet === "delivery" &&
      trialCase === id &&
      observation.member === "batched" &&
      (observation.by === "timer" || observation.by === "bytes-or-timer"),
  );
