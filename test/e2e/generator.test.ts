// Hops of random release patterns as real processes, the same ones each time: what each pattern implies is what must be found.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRuntime } from "../../harness/session/choose-runtime.ts";
import type { Runtime } from "../../harness/runtime/runtime.ts";
import { plans } from "../generator/plan.ts";
import { runPlans } from "../generator/real.ts";
import { claimOf } from "../generator/truth.ts";
import type { Claim } from "../generator/truth.ts";

const seed = 20261129;

describe("a hop of a random release pattern", () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await openRuntime("process", {});
  });
  afterAll(() => runtime[Symbol.asyncDispose]());

  const notRight = async (claim: Claim, numRuns: number): Promise<string[]> => {
    const claimed = fc
      .sample(
        plans.filter((plan) => claimOf(plan) === claim),
        { seed, numRuns },
      )
      .map((plan) => ({ plan, claim }));
    const all = await runPlans(claimed, runtime, 32);
    expect(all.length).toBe(numRuns);
    // A busy machine may hide what a pattern does, as a run says itself: those are run again with little beside them, and must be decided.
    const hidden = all.filter(({ score }) => score === "inconclusive").map(({ plan }) => ({ plan, claim }));
    const decided = [...all.filter(({ score }) => score !== "inconclusive"), ...(await runPlans(hidden, runtime, 3))];
    return decided.flatMap(({ plan, score, why }) => (score === "right" ? [] : [`${score}: ${why}: ${JSON.stringify(plan)}`]));
  };

  it("is found where it holds records for 100 ms again and again", async () => {
    expect(await notRight("late", 24)).toEqual([]);
  });

  it("is accused of nothing where it holds nothing", async () => {
    expect(await notRight("harmless", 16)).toEqual([]);
  });
});
