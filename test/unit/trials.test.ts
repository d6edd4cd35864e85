// The folder harness/trials is the list of kinds; what a kind says that it tests is what recorded runs show.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../../harness/catalog/package-root.ts";
import type { ScenarioReport } from "../../harness/report/report.ts";
import { trialKinds, trials } from "../../harness/trials/index.ts";
import { trialFiles, trialIndex, trialIndexText } from "../../scripts/_trial-kinds.ts";

const withoutSpace = (text: string): string => text.replaceAll(/[\s,|]+/g, "");

test("index.ts has every file of the folder, and nothing else", () => {
  expect(trialKinds).toEqual(trialFiles());
  expect(withoutSpace(readFileSync(trialIndex, "utf8"))).toBe(withoutSpace(trialIndexText(trialFiles())));
});

/** The reports of scenarios anywhere in a recorded file. */
const reportsIn = (value: unknown): Pick<ScenarioReport, "trial" | "facets">[] => {
  if (typeof value !== "object" || value === null) return [];
  const own = "trial" in value && "facets" in value ? [value as ScenarioReport] : [];
  return [...own, ...Object.values(value).flatMap(reportsIn)];
};

test("a kind shows the facets that it says it tests, and no others", () => {
  const folder = join(packageRoot, "docs/samples");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"));
  const reports = files.flatMap((name) => reportsIn(JSON.parse(readFileSync(join(folder, name), "utf8"))));
  const shown = Map.groupBy(reports, ({ trial }) => trial);
  for (const kind of trialKinds) {
    const facets = new Set(shown.get(kind)?.flatMap((report) => report.facets.map(({ facet }) => facet)));
    expect(
      [...facets].filter((facet) => !trials[kind].tests.includes(facet)),
      kind,
    ).toEqual([]);
  }
  expect(shown.size).toBeGreaterThan(8);
});
