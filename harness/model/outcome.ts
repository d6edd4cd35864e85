// From a verdict to an outcome: does what the wire did agree with what the scenario says. Pure.
import type { Does, Must, Scenario, Trial } from "../define.ts";
import type { Facet, FacetName, FacetOf, Undecided, Verdict } from "./verdict.ts";

export type Outcome = "pass" | "fail" | "unsupported" | "inconclusive" | "harness-fault";

/** The word on the card. `timed-out` stands for any ending whose cause is a limit of time; `died` is no facet, since the wire does not tell
 *  why a hop is gone. */
export type Headline = Facet["finding"]["member"] | "timed-out" | "died" | "not-judged";

export interface Judged {
  outcome: Outcome;
  headline: Headline;
  /** The facet that decided, with its evidence; null if nothing could be judged. */
  facet: Facet | null;
  culprit: string | null;
  /** One sentence: for a pass what was seen, else what differs. */
  why: string;
}

export const headlineOf = (facet: Facet): Headline =>
  "cause" in facet.finding && (facet.finding.cause.endsWith("-limit") || facet.finding.cause === "limit-unclassified")
    ? "timed-out"
    : facet.finding.member;

export const decide = (scenario: Scenario, verdict: Verdict): Judged =>
  "must" in scenario ? decideRequirement(scenario.must, scenario.trial, verdict) : decideCharacterization(scenario.does, verdict);

const facetsOf = <F extends FacetName>(verdict: Verdict, name: F): FacetOf<F>[] =>
  verdict.facets.filter((facet): facet is FacetOf<F> => facet.facet === name);

/** For each requirement the facets that deviate from it; the first deviation is the headline. */
const deviations: {
  [K in keyof Must]-?: { facet: FacetName; words: (must: Must) => string; deviates: (must: Must, facet: Facet) => boolean };
} = {
  deliver: { facet: "delivery", words: () => "deliver: incrementally", deviates: (_, facet) => facet.finding.member !== "incremental" },
  headers: { facet: "headers", words: () => "headers: promptly", deviates: (_, facet) => facet.finding.member !== "prompt" },
  end: {
    facet: "ending",
    words: (must) => `end: ${must.end}`,
    deviates: (must, facet) => facet.finding.member !== "complete" && (must.end === "complete" || !isVisible(facet)),
  },
  surviveSilenceMs: {
    facet: "ending",
    words: (must) => `surviveSilenceMs: ${must.surviveSilenceMs}`,
    // A limit that is longer than what must be survived is none; whatever else kept the record behind the silence back is.
    deviates: (must, facet) =>
      facet.facet === "ending" &&
      facet.finding.member !== "complete" &&
      !(headlineOf(facet) === "timed-out" && atMost(facet.finding) >= (must.surviveSilenceMs ?? 0)),
  },
  source: { facet: "source", words: () => "source: origin", deviates: (_, facet) => facet.finding.member !== "origin" },
  integrity: { facet: "integrity", words: () => "integrity: intact", deviates: (_, facet) => facet.finding.member !== "intact" },
  noticeDisconnectWithinMs: {
    facet: "disconnect",
    words: (must) => `noticeDisconnectWithinMs: ${must.noticeDisconnectWithinMs}`,
    deviates: (must, facet) =>
      facet.facet === "disconnect" && (facet.finding.member === "lost" || facet.finding.afterMs > (must.noticeDisconnectWithinMs ?? 0)),
  },
};

export const facetsRequired = (must: Must): Set<FacetName> =>
  new Set((Object.keys(must) as (keyof Must)[]).map((key) => deviations[key].facet));

/** Whether it breaks something of what must hold. */
export const deviates = (must: Must, facet: Facet): boolean =>
  (Object.keys(must) as (keyof Must)[]).some((key) => deviations[key].facet === facet.facet && deviations[key].deviates(must, facet));

/** How long a limit may have been. */
const atMost = (finding: Facet["finding"]): number =>
  "atMostMs" in finding && finding.atMostMs !== undefined ? finding.atMostMs : "afterMs" in finding ? finding.afterMs : 0;

/** An answer in the origin's place can be told from the origin's only by a status that says so. */
const isVisible = ({ finding }: Facet): boolean =>
  finding.member === "error-response" ? finding.status >= 400 : finding.member === "incomplete-visible" || finding.member === "no-response";

/** What says more than "untested" where a facet could not be seen: what the wire showed in its place. */
const instead = (verdict: Verdict): string => {
  const worst = verdict.facets.find(({ culprit }) => culprit !== null && culprit !== "origin");
  return worst ? `: ${worst.evidence}` : "";
};

/** A failure is one, whatever else could not be seen; and what could not be seen is no pass. */
const settle = (judgements: readonly Judged[], empty: string): Judged =>
  judgements.find(({ outcome }) => outcome === "fail") ??
  judgements.find(({ outcome }) => outcome === "inconclusive") ??
  judgements[0] ??
  undecided(empty);

const decideRequirement = (must: Must, trial: Trial, verdict: Verdict): Judged =>
  settle(
    (Object.keys(must) as (keyof Must)[]).map((key) => {
      const rule = deviations[key];
      const tested = verdict.facets.filter(({ facet }) => facet === rule.facet);
      const broken = tested.find((facet) => rule.deviates(must, facet));
      if (broken) return judged("fail", broken, `must ${rule.words(must)}, but ${broken.evidence}`);
      // Where only the cause of what was seen stays open, nothing does that was required.
      const isEnough = ({ withinMs = Infinity }: Undecided): boolean => withinMs <= (must.noticeDisconnectWithinMs ?? 0);
      const open = verdict.undecided.find(
        (one) =>
          one.facet === rule.facet && !tested.some(({ arm }) => arm === one.arm) && !(key === "noticeDisconnectWithinMs" && isEnough(one)),
      );
      if (open) return undecided(`${rule.words(must)} could not be decided in ${open.arm}: ${open.why}`);
      if (key === "surviveSilenceMs" && !isSilentFor(trial, must.surviveSilenceMs ?? 0))
        return undecided(`${rule.words(must)} is not tested by this trial, which is not silent for as long`);
      const [shown] = tested;
      return shown
        ? judged("pass", shown, shown.evidence)
        : undecided(`${rule.words(must)} is not tested by this trial${instead(verdict)}`);
    }),
    "the scenario requires nothing",
  );

/** Without a time of its own the trial is silent for as long as must be survived. */
const isSilentFor = (trial: Trial, ms: number): boolean =>
  (trial.kind === "silence" && (trial.silentMs ?? ms) >= ms) || (trial.kind === "first-byte-wait" && (trial.waitMs ?? 0) >= ms);

const undecided = (why: string): Judged => ({ outcome: "inconclusive", headline: "not-judged", facet: null, culprit: null, why });

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
} as const satisfies Partial<Record<keyof Does, FacetName>>;

/** The facets that a scenario says something of. */
export const facetsAskedFor = (scenario: Scenario): Set<FacetName> =>
  "must" in scenario
    ? facetsRequired(scenario.must)
    : new Set(
        (Object.keys(scenario.does) as (keyof Does)[]).flatMap((key) =>
          key in facetOfKey ? [facetOfKey[key as keyof typeof facetOfKey]] : [],
        ),
      );

/** Something that was asked for could not be told from what the machine itself does to a stream: played once more, it may be. */
export const isLeftOpenByMachine = (scenario: Scenario, { undecided: open }: Pick<Verdict, "undecided">): boolean => {
  const asked = facetsAskedFor(scenario);
  return open.some(({ facet, byMachine }) => byMachine && asked.has(facet));
};

const clean = new Set<string>(["incremental", "prompt", "complete", "origin", "intact", "at-once"]);

const decideCharacterization = (does: Does, verdict: Verdict): Judged =>
  settle(
    (Object.keys(facetOfKey) as (keyof typeof facetOfKey)[]).flatMap((key) => {
      const member = does[key];
      return member === undefined ? [] : [decideMember(does, key, member, verdict)];
    }),
    "the scenario says nothing of what happens",
  );

const decideMember = (does: Does, key: keyof typeof facetOfKey, member: string, verdict: Verdict): Judged => {
  const name = facetOfKey[key];
  const tested = facetsOf(verdict, name) as Facet[];
  // A clean word is about all arms; any other is about the arm that shows it.
  const other = clean.has(member) ? tested.find((facet) => facet.finding.member !== member) : undefined;
  const matches = other ? [] : tested.filter((facet) => facet.finding.member === member && causeMatches(does, facet));
  const match = matches.find(({ culprit }) => culprit === does.culprit) ?? matches[0];
  const open = verdict.undecided.find(({ facet }) => facet === name);
  if (open && !other && (clean.has(member) || !match))
    return undecided(`${key}: ${member} could not be decided in ${open.arm}: ${open.why}`);
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
  const seen = other ?? tested.find((facet) => !clean.has(facet.finding.member)) ?? tested[0];
  return seen
    ? judged(
        "fail",
        seen,
        `does ${key}: ${member}${does.cause ? ` (${does.cause})` : ""}, but the wire showed ${seen.finding.member}: ${seen.evidence}`,
      )
    : undecided(`${key}: ${member} is not tested by this trial${instead(verdict)}`);
};

const causeMatches = (does: Does, facet: Facet): boolean =>
  does.cause === undefined || facet.facet !== "ending" || ("cause" in facet.finding && facet.finding.cause === does.cause);
