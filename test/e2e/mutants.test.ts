import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRuntime } from "../../harness/session/choose-runtime.ts";
import type { Runtime } from "../../harness/runtime/runtime.ts";
import { lateCases, harmlessCases } from "./mutants/late-cases.ts";
import type { Case } from "./mutants/matrix.ts";
import { mutantCases, pairCases, pipeCases } from "./mutants/matrix.ts";
import { runMutants } from "./mutants/run.ts";

// Hundreds of chains, of which a slow machine takes its time.
describe("the detector, attacked", { timeout: 900_000 }, () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await openRuntime("process", {});
  });
  afterAll(() => runtime[Symbol.asyncDispose]());

  const wrong = async (cases: readonly Case[]): Promise<string[]> => {
    const { rows } = await runMutants(cases, runtime);
    expect(rows.length).toBe(cases.length);
    const of = (wanted: string): string[] => rows.filter(({ score }) => score === wanted).map(({ id, why }) => `${id}: ${wanted}: ${why}`);
    // What a busy machine leaves inconclusive is no verdict; more than 2 % of it is a fault of the detector.
    const inconclusive = of("inconclusive");
    return inconclusive.length > Math.max(1, 0.02 * cases.length) ? [...of("wrong"), ...inconclusive] : of("wrong");
  };

  it("finds every mutant alone and in each place of a chain of four, by its own facet", async () => {
    expect(await wrong(mutantCases())).toEqual([]);
  });

  it("finds two different mutants in one chain, each by its own facet", async () => {
    expect(await wrong(pairCases())).toEqual([]);
  });

  it("finds the mutants that are late or slow", async () => {
    expect(await wrong(lateCases())).toEqual([]);
  });

  it("accuses no harmless hop", async () => {
    expect(await wrong(harmlessCases())).toEqual([]);
  });

  it("accuses no straight pipe in any trial", async () => {
    expect(await wrong(pipeCases())).toEqual([]);
  });
});
