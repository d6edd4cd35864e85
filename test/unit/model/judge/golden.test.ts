// The golden set: what the judge says of every saved trace is what it said when the trace was recorded, or the difference is explained.
import { describe, expect, it } from "vitest";
import type { Verdict } from "../../../../harness/model/verdict.ts";
import { changes } from "../../../golden/changes.ts";
import { differences, explain } from "../../../golden/compare.ts";
import type { Change } from "../../../golden/compare.ts";
import { judgeAgain } from "../../../golden/judge-again.ts";

it("the golden set is judged as recorded, or test/golden/changes.ts explains why not", { timeout: 120_000 }, async () => {
  const { traces, found } = await judgeAgain();
  const { unexplained, faults } = explain(found, changes);
  expect(traces).toBeGreaterThanOrEqual(3000);
  // `npm run golden` lists all of them, by kind.
  expect(unexplained.slice(0, 3)).toEqual([]);
  expect(faults).toEqual([]);
});

const verdict = (more: Partial<Verdict> = {}): Verdict => ({
  facets: [
    {
      facet: "delivery",
      case: "paced",
      observation: { member: "batched", by: "timer", timerMs: 200 },
      culprit: "cork",
      evidence: "cork lets pending bytes go 200 ms after the first of them",
      hops: [{ hop: "cork", masked: false, observation: { member: "batched", by: "timer", timerMs: 200 } }],
    },
  ],
  inconclusive: [],
  limits: [],
  ...more,
});

const [facet] = verdict().facets;
const withFacet = (more: object): Verdict => verdict({ facets: [{ ...facet, ...more } as Verdict["facets"][number]] });

describe("two verdicts on one trace", () => {
  it("that are the same do not differ, apart from the rounding of times", () => {
    expect(differences("a", verdict(), verdict())).toEqual([]);
    expect(differences("a", verdict(), withFacet({ observation: { member: "batched", by: "timer", timerMs: 200.01 } }))).toEqual([]);
  });

  it.each<[what: string, after: Verdict, from: string, to: string]>([
    ["verdict", withFacet({ observation: { member: "buffered", released: "end" } }), "batched by=timer", "buffered released=end"],
    ["verdict", withFacet({ observation: { member: "batched", by: "bytes" } }), "batched by=timer", "batched by=bytes"],
    ["verdict", verdict({ facets: [] }), "batched by=timer", "untested"],
    [
      "verdict",
      verdict({ facets: [], inconclusive: [{ facet: "delivery", case: "paced", why: "busy", byMachine: true }] }),
      "batched by=timer",
      "inconclusive by=machine",
    ],
    ["culprit", withFacet({ culprit: "other" }), "batched by=timer", "batched by=timer"],
    [
      "detail",
      withFacet({ observation: { member: "batched", by: "timer", timerMs: 200, repeated: true } }),
      "batched by=timer",
      "batched by=timer",
    ],
    ["numbers", withFacet({ observation: { member: "batched", by: "timer", timerMs: 201 } }), "batched by=timer", "batched by=timer"],
    ["hops", withFacet({ hops: [{ hop: "cork", masked: true, why: "" }] }), "batched by=timer", "batched by=timer"],
    ["words", withFacet({ evidence: "cork corks" }), "batched by=timer", "batched by=timer"],
  ])("differ in their %s", (what, after, from, to) => {
    expect(differences("a", verdict(), after)).toMatchObject([{ name: "a", facet: "delivery", case: "paced", what, from, to }]);
  });

  it("differ in a limit that only one of them has", () => {
    const after = verdict({ limits: [{ kind: "idle-timeout", ms: 5000, uncertaintyMs: 10, culprit: "nginx", seenAs: "visible" }] });
    expect(differences("a", verdict(), after)).toMatchObject([{ facet: "limits", from: "untested", to: "idle-timeout" }]);
  });
});

describe("a change that explains", () => {
  const found = [
    ...differences("mutants/cork", verdict(), withFacet({ observation: { member: "buffered", released: "end" } })),
    ...differences("soak/cork", verdict(), withFacet({ observation: { member: "buffered", released: "end" } })),
  ];
  const reason = "It is so because of the rules.";
  const explainedBy = (...all: Change[]) => explain(found, all);

  it("counts what it explains, by member or more exactly, and by the name", () => {
    expect(explainedBy({ facet: "delivery", from: "batched", to: "buffered", reason })).toMatchObject({
      counts: [{ count: 2 }],
      unexplained: [],
      faults: [],
    });
    expect(explainedBy({ from: "batched by=timer", to: /^buffered/, where: /^soak\//, reason }).unexplained).toMatchObject([
      { name: "mutants/cork" },
    ]);
  });

  it("does not explain another step, another facet or only the beginning of a word", () => {
    for (const change of [{ from: "buffered" }, { to: "batch" }, { facet: "ending" }, { what: "words" as const }, { case: "lock-step" }])
      expect(explainedBy({ ...change, reason })).toMatchObject({
        unexplained: found,
        faults: [expect.stringContaining("explains nothing")],
      });
  });

  it("needs a reason, and something that an earlier change does not explain", () => {
    const change = { from: "batched", to: "buffered" };
    expect(explainedBy({ ...change, reason: "" }).faults).toEqual([expect.stringContaining("has no reason")]);
    expect(explainedBy({ ...change, reason }, { ...change, reason }).faults).toEqual([expect.stringContaining("explains nothing")]);
  });
});
