import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { openCatalog } from "../../../harness/catalog/catalog.ts";
import { checkScenario } from "../../../harness/catalog/schema.ts";
import published from "../../../harness/catalog/scenario.schema.json" with { type: "json" };

const validate = new Ajv({ strict: true, allowUnionTypes: true, strictTuples: false, strictRequired: false }).compile(published);

test("every scenario of the catalog is one", async () => {
  for (const { id, load } of openCatalog().scenarios.entries) expect(validate(await load()), id).toBe(true);
});

const base = { title: "Events survive", chain: [{ app: "sse" }, "nginx"], trial: { kind: "lock-step" } };
const must = { deliver: "incrementally" };

test.for<[what: string, scenario: unknown, right: boolean]>([
  ["a requirement", { ...base, must }, true],
  ["a characterization", { ...base, does: { deliver: "buffered" }, because: "https://example.org" }, true],
  ["a sweep", { ...base, must, request: { acceptEncoding: [null, "gzip"], version: ["1.0", "1.1"] } }, true],
  ["neither", base, false],
  ["both", { ...base, must, does: {}, because: "https://example.org" }, false],
  ["a must that names nothing", { ...base, must: {} }, false],
  ["a does that names nothing", { ...base, does: {}, because: "https://example.org" }, false],
  ["no link", { ...base, does: { deliver: "buffered" } }, false],
  ["another trial's field", { ...base, must, trial: { kind: "bodyless", holdMs: 5 } }, false],
  ["a real application alone", { ...base, must, chain: [{ app: "django" }] }, true],
  ["an empty chain", { ...base, must, chain: [] }, false],
  ["a number for a version", { ...base, must, request: { version: 1.1 } }, false],
])("editor and command line agree on %s", ([, scenario, right]) => {
  expect(validate(scenario)).toBe(right);
  const check = () => checkScenario(scenario, "edge.ts");
  if (right) expect(check).not.toThrow();
  else expect(check).toThrow(/^edge\.ts: /);
});
