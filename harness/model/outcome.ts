// From a verdict to an outcome: does the wire agree with the scenario. Pure.
import type { Does, Must, Scenario } from "../define.ts";
import type { When } from "../define/scenario.ts";
import { definitionOf } from "../trials/index.ts";
import type { Trial } from "../trials/index.ts";
import { headlineOf } from "./headline.ts";
import type { Headline } from "./headline.ts";
import { deviations, facetsRequired } from "./requirement.ts";
import type { Case } from "./script.ts";
import type { Facet, FacetName, FacetOf, Inconclusive, Verdict } from "./verdict.ts";
import { partsOf, whenWords } from "./when.ts";
import type { Part } from "./when.ts";

export { headlineOf } from "./headline.ts";
export type { Headline } from "./headline.ts";
export { deviates, facetsRequired } from "./requirement.ts";

export type Outcome = "pass" | "fail" | "unsupported" | "inconclusive" | "harness-fault";

export interface Judged {
  outcome: Outcome;
  headline: Headline;
  /** The facet that decided, with its evidence; null if nothing could be judged. */
  facet: Facet | null;
  culprit: string | null;
  /** One sentence: for a pass the evidence, else the difference. */
  why: string;
}

/** `cases`: of the trial, for what depends on their points. */
export const decide = (scenario: Scenario, verdict: Verdict, cases: readonly Pick<Case, "id" | "point">[] = []): Judged => {
  if ("must" in scenario) return decideRequirement(scenario.must, scenario.trial, verdict);
  const { does, when } = scenario;
  return when === undefined ? decideCharacterization(does, verdict) : decideWhen(does, when, partsOf(when, verdict, cases));
};

const facetsOf = <F extends FacetName>(verdict: Verdict, name: F): FacetOf<F>[] =>
  verdict.facets.filter((facet): facet is FacetOf<F> => facet.facet === name);

/** For a facet that could not be tested: what the wire showed instead. */
const instead = (verdict: Verdict): string => {
  const worst = verdict.facets.find(({ culprit }) => culprit !== null && culprit !== "origin");
  return worst ? `: ${worst.evidence}` : "";
};

/** A failure wins over an inconclusive facet, and that over a pass. */
const settle = (judgements: readonly Judged[], empty: string): Judged =>
  judgements.find(({ outcome }) => outcome === "fail") ??
  judgements.find(({ outcome }) => outcome === "inconclusive") ??
  judgements[0] ??
  inconclusive(empty);

const decideRequirement = (must: Must, trial: Trial, verdict: Verdict): Judged =>
  settle(
    (Object.keys(must) as (keyof Must)[]).map((key) => {
      const rule = deviations[key];
      const tested = verdict.facets.filter(({ facet }) => facet === rule.facet);
      const broken = tested.find((facet) => rule.deviates(must, facet));
      if (broken) return judged("fail", broken, `must ${rule.words(must)}, but ${broken.evidence}`);
      // If only the cause is open, the requirement is decided.
      const isEnough = ({ withinMs = Infinity }: Inconclusive): boolean => withinMs <= (must.noticeDisconnectWithinMs ?? 0);
      const open = verdict.inconclusive.find(
        (one) =>
          one.facet === rule.facet &&
          !tested.some(({ case: trialCase }) => trialCase === one.case) &&
          !(key === "noticeDisconnectWithinMs" && isEnough(one)),
      );
      if (open) return inconclusive(`${rule.words(must)} is inconclusive in ${open.case}: ${open.why}`);
      if (key === "surviveSilenceMs" && !isSilentFor(trial, must.surviveSilenceMs ?? 0))
        return inconclusive(`${rule.words(must)} is not tested by this trial, whose silence is shorter`);
      const [shown] = tested;
      return shown
        ? judged("pass", shown, shown.evidence)
        : inconclusive(`${rule.words(must)} is not tested by this trial${instead(verdict)}`);
    }),
    "the scenario requires nothing",
  );

const isSilentFor = (trial: Trial, ms: number): boolean => (definitionOf(trial).silentMs?.(trial, ms) ?? -1) >= ms;

const inconclusive = (why: string): Judged => ({ outcome: "inconclusive", headline: "not-judged", facet: null, culprit: null, why });

const judged = (outcome: Outcome, facet: Facet, why: string): Judged => ({
  outcome,
  headline: headlineOf(facet),
  facet,
  culprit: facet.culprit,
  why,
});

const facetOfKey = {
  deliver: "delivery",
  headers: "headers",
  end: "ending",
  source: "source",
  integrity: "integrity",
  disconnect: "disconnect",
  memory: "memory",
} as const satisfies Partial<Record<keyof Does, FacetName>>;

/** The facets that a scenario names. */
export const facetsAskedFor = (scenario: Scenario): Set<FacetName> =>
  "must" in scenario
    ? facetsRequired(scenario.must)
    : new Set(
        (Object.keys(scenario.does) as (keyof Does)[]).flatMap((key) =>
          key in facetOfKey ? [facetOfKey[key as keyof typeof facetOfKey]] : [],
        ),
      );

/** The machine was too busy for a facet that the scenario names: another attempt may decide it. */
export const isLeftOpenByMachine = (scenario: Scenario, { inconclusive: open }: Pick<Verdict, "inconclusive">): boolean => {
  const asked = facetsAskedFor(scenario);
  return open.some(({ facet, byMachine }) => byMachine && asked.has(facet));
};

const clean = new Set<string>(["incremental", "prompt", "complete", "origin", "intact", "propagated", "bounded"]);

const decideCharacterization = (does: Does, verdict: Verdict): Judged =>
  settle(
    (Object.keys(facetOfKey) as (keyof typeof facetOfKey)[]).flatMap((key) => {
      const member = does[key];
      return member === undefined ? [] : [decideMember(does, key, member, verdict)];
    }),
    "the scenario names no behavior",
  );

const decideWhen = (does: Does, when: When, parts: readonly Part[]): Judged =>
  parts.some(({ isInside }) => isInside)
    ? settle(
        parts.map((part) => (part.isInside ? decideCharacterization(does, part.verdict) : decideAbsence(does, when, part))),
        "the scenario names no behavior",
      )
    : inconclusive(`no case of this trial has ${whenWords(when)}`);

/** What it does elsewhere is not to be seen at this point. */
const decideAbsence = (does: Does, when: When, { words, verdict }: Part): Judged =>
  settle(
    (Object.keys(facetOfKey) as (keyof typeof facetOfKey)[]).flatMap((key): Judged[] => {
      const member = does[key];
      if (member === undefined) return [];
      const tested = facetsOf(verdict, facetOfKey[key]) as Facet[];
      const seen = tested.find((facet) => facet.observation.member === member && causeMatches(does, facet));
      if (seen)
        return [judged("fail", seen, `does ${key}: ${member} with ${whenWords(when)} only, but also with ${words}: ${seen.evidence}`)];
      const [shown] = tested;
      return [shown ? judged("pass", shown, shown.evidence) : inconclusive(`${key} is not tested with ${words}${instead(verdict)}`)];
    }),
    "the scenario names no behavior",
  );

const decideMember = (does: Does, key: keyof typeof facetOfKey, member: string, verdict: Verdict): Judged => {
  const name = facetOfKey[key];
  const tested = facetsOf(verdict, name) as Facet[];
  // A clean member must hold in all cases; any other in one.
  const other = clean.has(member) ? tested.find((facet) => facet.observation.member !== member) : undefined;
  const matches = other ? [] : tested.filter((facet) => facet.observation.member === member && causeMatches(does, facet));
  const match = matches.find(({ culprit }) => culprit === does.culprit) ?? matches[0];
  const open = verdict.inconclusive.find(({ facet }) => facet === name);
  if (open && !other && (clean.has(member) || !match))
    return inconclusive(`${key}: ${member} is inconclusive in ${open.case}: ${open.why}`);
  if (match) {
    const blamesAnother = does.culprit !== undefined && !clean.has(member) && match.culprit !== does.culprit;
    return blamesAnother
      ? judged(
          "fail",
          match,
          `does ${key}: ${member} with culprit ${does.culprit}, but the culprit is ${match.culprit ?? "none"}: ${match.evidence}`,
        )
      : judged("pass", match, match.evidence);
  }
  const seen = other ?? tested.find((facet) => !clean.has(facet.observation.member)) ?? tested[0];
  return seen
    ? judged(
        "fail",
        seen,
        `does ${key}: ${member}${does.cause ? ` (${does.cause})` : ""}, but the wire showed ${seen.observation.member}: ${seen.evidence}`,
      )
    : inconclusive(`${key}: ${member} is not tested by this trial${instead(verdict)}`);
};

const causeMatches = (does: Does, facet: Facet): boolean =>
  does.cause === undefined || facet.facet !== "ending" || ("cause" in facet.observation && facet.observation.cause === does.cause);
