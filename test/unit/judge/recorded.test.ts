// Traces of real mutants, recorded by `npm run mutants -- --record`: what a change of a rule does to them is seen at once.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { judge } from "../../../harness/model/judge/judge.ts";
import type { Trace } from "../../../harness/model/trace.ts";
import { expectations } from "../../e2e/mutants/table.ts";

const folder = join(import.meta.dirname, "../../traces");
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

describe("judge, on recorded traces", () => {
  it("has one of every mutant", () => {
    expect(files.map((name) => name.replace(/-2-of-4\.json$/, "")).toSorted()).toEqual(expectations.map(({ mutant }) => mutant).toSorted());
  });

  it.each(files)("%s", (name) => {
    const trace = JSON.parse(readFileSync(join(folder, name), "utf8")) as Trace;
    const expected = expectations.find(({ mutant }) => name === `${mutant}-2-of-4.json`);
    const accused = judge(trace).facets.filter(({ culprit }) => culprit !== null && culprit !== "origin");
    expect(new Set(accused.map(({ facet, culprit }) => `${facet} ${culprit}`))).toEqual(
      new Set([`${expected?.facet} ${expected?.mutant}`]),
    );
    expect(accused.map(({ finding }) => finding.member)).toContain(expected?.member);
  });
});
