// Up to three attempts of one case: a fault in one is not enough, a fault in two is, and a third decides.
import { describe, expect, it } from "vitest";
import { judge } from "../../../../harness/model/judge/judge.ts";
import { nextAttempts } from "../../../../harness/model/sequels.ts";
import { caseId, firstAttempt } from "../../../../harness/model/case-identity.ts";
import type { CaseIdentity } from "../../../../harness/model/case-identity.ts";
import type { CaseTrace, Trace } from "../../../../harness/model/trace.ts";
import { asCase, cork, straight, traceOf } from "./traces.ts";
import type { Hop } from "./traces.ts";

const holding =
  (held: readonly number[], ms: number): Hop =>
  (input) => ({
    ...straight(input),
    progress: input.progress.map(([at, bytes], index): [number, number] => [at + 0.4 + (held.includes(index) ? ms : 0), bytes]),
    end: { ...input.end, at: input.end.at + ms },
  });

/** Holds a first block and nothing after it: one release may come with an input by chance. */
const blocks: Hop = (input) => ({ ...straight(input), progress: straight(input).progress.filter(([, bytes]) => bytes >= 1024) });

/** On a calm machine: 900 ms are beyond doubt, 15 ms are late and may be the machine's. */
const hops = {
  passes: straight,
  shows: holding([2, 5], 900),
  /** Too few to show it. */
  hints: holding([5], 900),
  doubtful: holding([2, 5], 15),
  blocks,
  holds: holding([2, 4, 7, 9], 900),
  /** Shorter than what one attempt shows beyond doubt. */
  corks: cork(70),
} satisfies Record<string, Hop>;

type Attempt = keyof typeof hops;

const traceWith = (attempts: readonly Attempt[], culprits: readonly string[] = [], confirmed = true): Trace => {
  const traces = attempts.map((attempt, index) => {
    const bad = culprits[index] ?? "a";
    return traceOf(
      { kind: "lock-step" },
      { a: bad === "a" ? hops[attempt] : straight, b: bad === "b" ? hops[attempt] : straight },
      { confirmed },
    );
  });
  const cases = traces.flatMap(({ cases: [trialCase] }, index): CaseTrace[] =>
    trialCase ? [asCase(trialCase, { attempt: index + 1 })] : [],
  );
  return { ...(traces[0] as Trace), cases };
};

const resultOf = (trace: Trace): string => {
  const { facets, inconclusive } = judge(trace);
  const found = facets
    .filter(({ facet }) => facet === "delivery")
    .map(({ observation, culprit }) => `${observation.member} ${culprit ?? ""}`.trim());
  const open = inconclusive
    .filter(({ facet }) => facet === "delivery")
    .map(({ isOpenToAttempt }) => (isOpenToAttempt ? "open" : "inconclusive"));
  return [...new Set([...found, ...open])].join(", ");
};

describe("attempts of one case", () => {
  it.each<[attempts: Attempt[], verdict: string]>([
    [["passes"], "incremental"],
    [["shows"], "open"],
    [["hints"], "open"],
    [["doubtful"], "open"],
    [["shows", "shows"], "delayed a"],
    [["shows", "passes"], "open"],
    [["shows", "passes", "passes"], "incremental"],
    [["shows", "passes", "shows"], "delayed a"],
    [["passes", "shows", "shows"], "delayed a"],
    [["hints", "passes"], "open"],
    [["hints", "passes", "passes"], "incremental"],
    // Too few for two attempts, but none was without.
    [["hints", "hints"], "open"],
    [["hints", "hints", "hints"], "delayed a"],
    [["shows", "hints", "hints"], "delayed a"],
    [["shows", "hints", "passes"], "inconclusive"],
    [["doubtful", "passes"], "incremental"],
    [["doubtful", "doubtful"], "open"],
    [["doubtful", "doubtful", "doubtful"], "inconclusive"],
    [["doubtful", "doubtful", "passes"], "incremental"],
    [["shows", "doubtful", "doubtful"], "inconclusive"],
  ])("%j: %s", (attempts, verdict) => {
    expect(resultOf(traceWith(attempts))).toBe(verdict);
  });

  it.each<[attempts: Attempt[], verdict: string]>([
    [["blocks"], "open"],
    [["blocks", "blocks"], "batched a"],
    // Two attempts disagree: a third decides.
    [["blocks", "holds"], "open"],
    [["holds", "blocks"], "open"],
    [["blocks", "holds", "blocks"], "batched a"],
    [["holds", "blocks", "holds"], "delayed a"],
    [["blocks", "passes", "passes"], "incremental"],
    // That it is late, both show; only one shows why.
    [["corks"], "open"],
    [["corks", "holds"], "batched a"],
    [["holds", "corks"], "batched a"],
    [["corks", "passes", "passes"], "incremental"],
  ])("a cause that few releases show has to be repeated, or is none: %j: %s", (attempts, verdict) => {
    expect(resultOf(traceWith(attempts, [], false))).toBe(verdict);
  });

  it("does not add up faults of two different hops", () => {
    expect(resultOf(traceWith(["shows", "shows"], ["a", "b"]))).toBe("open");
    expect(resultOf(traceWith(["shows", "shows", "shows"], ["a", "b", "a"]))).toBe("delayed a");
  });

  it("requests another attempt while one may decide, three at most", () => {
    const next = (attempts: Attempt[]): string[] => {
      const trace = traceWith(attempts);
      return nextAttempts(trace.cases, judge(trace)).map(({ id }) => id);
    };
    expect(next(["passes"])).toEqual([]);
    expect(next(["shows"])).toEqual(["lock-step-again"]);
    expect(next(["shows", "passes"])).toEqual(["lock-step-again-2"]);
    expect(next(["shows", "shows"])).toEqual([]);
    expect(next(["doubtful", "doubtful", "doubtful"])).toEqual([]);
  });

  it("runs all steps in the second attempt of a lock-step, confirmed or not", () => {
    const trace = traceWith(["shows"]);
    const [again] = nextAttempts(trace.cases, judge(trace));
    expect(again?.script.steps.filter((step) => "only" in step)).toEqual([]);
    expect(again?.title).toBe("lock-step, 8 records of 100 B, attempt 2");
  });

  it("has an id for each attempt, at every point", () => {
    const again = (identity: CaseIdentity): string[] => [1, 2, 3].map((attempt) => caseId({ ...identity, attempt }));
    expect(again(firstAttempt("paced"))).toEqual(["paced", "paced-again", "paced-again-2"]);
    expect(again(firstAttempt("lock-step", "600", "gzip,text/html"))).toEqual([
      "lock-step-600@gzip,text/html",
      "lock-step-600-again@gzip,text/html",
      "lock-step-600-again-2@gzip,text/html",
    ]);
  });
});
