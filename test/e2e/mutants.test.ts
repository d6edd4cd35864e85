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
    return rows.filter(({ score }) => score !== "right").map(({ id, score, why }) => `${id}: ${score}: ${why}`);
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
