// Random release patterns, as traces: a hop that holds ordinary records never passes, and a harmless one is never blamed.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plans } from "../../../generator/plan.ts";
import { foundInTrace, scored } from "../../../generator/scored.ts";
import { claimOf } from "../../../generator/truth.ts";
import type { Claim } from "../../../generator/truth.ts";

const seed = 20261129;

const everyOneIsRight = (claim: Claim, numRuns: number): void =>
  fc.assert(
    fc.property(
      plans.filter((plan) => claimOf(plan) === claim),
      (plan) => {
        const { score, why } = scored(claim, foundInTrace(plan));
        expect(score, why).toBe("right");
      },
    ),
    { seed, numRuns },
  );

describe("a random release pattern", () => {
  it("holds for long in many plans, and nothing in many others", () => {
    const claims = fc.sample(plans, { seed, numRuns: 400 }).map(claimOf);
    expect(claims.filter((claim) => claim === "late").length).toBeGreaterThan(150);
    expect(claims.filter((claim) => claim === "harmless").length).toBeGreaterThan(60);
  });

  it("that repeatedly holds records for 100 ms is found, with its hop", () => everyOneIsRight("late", 2000));

  it("that holds nothing is not blamed", () => everyOneIsRight("harmless", 1000));
});
