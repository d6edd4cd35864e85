import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRuntime } from "../../harness/runtime/choose.ts";
import type { Runtime } from "../../harness/runtime/runtime.ts";
import type { Case } from "./mutants/matrix.ts";
import { mutantCases, pairCases, pipeCases } from "./mutants/matrix.ts";
import { play } from "./mutants/play.ts";

describe("the detector, attacked", () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await openRuntime("process", {});
  });
  afterAll(() => runtime[Symbol.asyncDispose]());

  const wrong = async (cases: readonly Case[]): Promise<string[]> => {
    const { rows } = await play(cases, runtime);
    expect(rows.length).toBe(cases.length);
    const of = (wanted: string): string[] => rows.filter(({ score }) => score === wanted).map(({ id, why }) => `${id}: ${wanted}: ${why}`);
    // What a busy machine leaves undecided is no verdict; more than 2 % of it is a fault of the detector.
    const undecided = of("inconclusive");
    return undecided.length > Math.max(1, 0.02 * cases.length) ? [...of("wrong"), ...undecided] : of("wrong");
  };

  it("finds every mutant alone and in each place of a chain of four, by its own facet", async () => {
    expect(await wrong(mutantCases())).toEqual([]);
  });

  it("finds two different mutants in one chain, each by its own facet", async () => {
    expect(await wrong(pairCases())).toEqual([]);
  });

  it("accuses no straight pipe in any trial", async () => {
    expect(await wrong(pipeCases())).toEqual([]);
  });
});
