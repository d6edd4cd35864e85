import { readdirSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { expect, test } from "vitest";
import { openCatalog, scenarioFromFile } from "../../../harness/catalog/catalog.ts";
import { Shelf } from "../../../harness/catalog/shelf.ts";
import { planChain } from "../../../harness/session/chain.ts";
import type { Scenario } from "../../../harness/define.ts";
import { checkScenario } from "../../../harness/catalog/schema.ts";
import { sourceOf } from "../../../harness/catalog/source.ts";

const folder = join(import.meta.dirname, "forms");
const catalog = openCatalog();

test.for(readdirSync(folder))("%s is the same object as the scenario in TypeScript", async (name) => {
  const yaml = await scenarioFromFile(join(folder, name)).load();
  const typed = await catalog.scenarios.find(basename(name, extname(name)), "The test").load();
  expect(yaml).toEqual(typed);
  expect(JSON.stringify(yaml)).toBe(JSON.stringify(typed));
  const [fromYaml, fromTypeScript] = await Promise.all([yaml, typed].map((scenario) => planChain(catalog, "same", scenario)));
  expect(JSON.stringify(fromYaml)).toBe(JSON.stringify(fromTypeScript));
});

test("a folder holds both forms", () => {
  const { entries } = new Shelf<Scenario>("scenario", [folder], checkScenario);
  expect(entries.map(({ id }) => id)).toEqual(["cache-honors-no-store", "gzip-without-flush-holds-events", "timeout-cuts-a-silent-stream"]);
});

test("what was read from YAML knows its lines, what was read from TypeScript its file", async () => {
  const file = join(folder, "gzip-without-flush-holds-events.yaml");
  const yaml = await scenarioFromFile(file).load();
  expect(sourceOf(yaml, [])).toBe(`${file}:2`);
  expect(sourceOf(yaml, ["chain", 1, "middlewares", 0])).toBe(`${file}:6`);
  expect(sourceOf(yaml, ["chain", 1, "nothing there"])).toBe(`${file}:5`);
  expect(sourceOf(yaml, ["trial", "kind"])).toBe(`${file}:10`);
  const entry = catalog.scenarios.find("cache-honors-no-store", "The test");
  expect(sourceOf(await entry.load(), ["chain", 1])).toBe(entry.file);
});
