// From a verdict to an outcome: does what the wire did agree with what the scenario says. Pure.
import type { Does, Must, Scenario } from "../define.ts";
import type { Facet, FacetName, FacetOf, Verdict } from "./verdict.ts";

export type Outcome = "pass" | "fail" | "unsupported" | "inconclusive" | "harness-fault";

/** The word on the card. `timed-out` stands for any ending whose cause is a limit of time. */
export type Headline = Facet["finding"]["member"] | "timed-out" | "not-judged";

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
  "must" in scenario ? decideRequirement(scenario.must, verdict) : decideCharacterization(scenario.does, verdict);

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
    deviates: (must, facet) => facet.finding.member !== "complete" && (must.end === "complete" || !visible.has(facet.finding.member)),
  },
  surviveSilenceMs: {
    facet: "ending",
    words: (must) => `surviveSilenceMs: ${must.surviveSilenceMs}`,
    deviates: (must, facet) =>
      facet.facet === "ending" &&
      facet.finding.member !== "complete" &&
      (!("afterMs" in facet.finding) || facet.finding.afterMs < (must.surviveSilenceMs ?? 0)),
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

const visible = new Set<string>(["incomplete-visible", "error-response", "no-response"]);

const decideRequirement = (must: Must, verdict: Verdict): Judged => {
  let shown: Facet | null = null;
  for (const key of Object.keys(must) as (keyof Must)[]) {
    const rule = deviations[key];
    const tested = verdict.facets.filter(({ facet }) => facet === rule.facet);
    const broken = tested.find((facet) => rule.deviates(must, facet));
    if (broken) return judged("fail", broken, `must ${rule.words(must)}, but ${broken.evidence}`);
    const open = verdict.undecided.find(({ facet }) => facet === rule.facet);
    if (open) return undecided(`${rule.words(must)} could not be decided in ${open.arm}: ${open.why}`);
    if (tested.length === 0) return undecided(`${rule.words(must)} is not tested by this trial`);
    shown ??= tested[0] ?? null;
  }
  return shown ? judged("pass", shown, shown.evidence) : undecided("the scenario requires nothing");
};

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

const clean = new Set<string>(["incremental", "prompt", "complete", "origin", "intact", "at-once"]);

const decideCharacterization = (does: Does, verdict: Verdict): Judged => {
  let shown: Facet | null = null;
  for (const key of Object.keys(facetOfKey) as (keyof typeof facetOfKey)[]) {
    const member = does[key];
    if (member === undefined) continue;
    const name = facetOfKey[key];
    const tested = facetsOf(verdict, name) as Facet[];
    // A clean word is about all arms; any other is about the arm that shows it.
    const other = clean.has(member) ? tested.find((facet) => facet.finding.member !== member) : undefined;
    const match = other ? undefined : tested.find((facet) => facet.finding.member === member && causeMatches(does, facet));
    if (!match) {
      const open = verdict.undecided.find(({ facet }) => facet === name);
      if (open) return undecided(`${key}: ${member} could not be decided in ${open.arm}: ${open.why}`);
      const seen = other ?? tested.find((facet) => !clean.has(facet.finding.member)) ?? tested[0];
      if (!seen) return undecided(`${key}: ${member} is not tested by this trial`);
      return judged(
        "fail",
        seen,
        `does ${key}: ${member}${does.cause ? ` (${does.cause})` : ""}, but the wire showed ${seen.finding.member}: ${seen.evidence}`,
      );
    }
    if (does.culprit !== undefined && !clean.has(member) && match.culprit !== does.culprit)
      return judged(
        "fail",
        match,
        `does ${key}: ${member} with culprit ${does.culprit}, but the culprit is ${match.culprit ?? "none"}: ${match.evidence}`,
      );
    shown ??= match;
  }
  return shown ? judged("pass", shown, shown.evidence) : undecided("the scenario says nothing of what happens");
};

const causeMatches = (does: Does, facet: Facet): boolean =>
  does.cause === undefined || facet.facet !== "ending" || ("cause" in facet.finding && facet.finding.cause === does.cause);
