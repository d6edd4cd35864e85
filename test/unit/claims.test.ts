// docs/claims.md says what was measured, and names scenarios that there are.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openCatalog } from "../../harness/catalog/catalog.ts";
import { packageRoot } from "../../harness/catalog/package-root.ts";
import { merged, scenarioOf, table } from "../../scripts/_claims.ts";
import type { Shown } from "../../scripts/_claims.ts";

const page = readFileSync(join(packageRoot, "docs/claims.md"), "utf8");
const kept = JSON.parse(readFileSync(join(packageRoot, "results/claims.json"), "utf8")) as Shown[];
const {
  scenarios: { ids },
  origins,
} = openCatalog();

test("the page has what was measured (npm run claims -- --render)", () => {
  expect(kept.length).toBeGreaterThan(60);
  expect(page).toContain(`<!-- claims -->\n\n${table(kept)}\n\n<!-- /claims -->`);
});

test("every scenario that it names is there and was measured", () => {
  const named = Array.from(
    page.matchAll(/`((?:django|express|fastapi|flask|gunicorn|php|starlette)-[\w.*-]+|\*-[\w.-]+)`/g),
    ([, id = ""]) => id,
  ).filter((id) => !origins.ids.includes(id));
  expect(named.length).toBeGreaterThan(30);
  const matches = (id: string, all: readonly string[]): boolean =>
    all.some((one) => new RegExp(`^${id.replaceAll(".", "\\.").replaceAll("*", ".*")}$`).test(one));
  expect(named.filter((id) => !matches(id, ids))).toEqual([]);
  expect(named.filter((id) => !matches(id, kept.map(scenarioOf)))).toEqual([]);
  expect(kept.map(scenarioOf).filter((id) => !ids.includes(id))).toEqual([]);
});

test("every scenario of a hop that it names is there", () => {
  const named = Array.from(page.matchAll(/`((?:fastify|hono|nginx|pushpin|rack|varnish|vinyl)-[\w.]+-[\w.-]+)`/g), ([, id = ""]) => id);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((id) => !ids.includes(id))).toEqual([]);
});

test("what is measured again replaces what was", () => {
  const shown = (id: string, seen: string): Shown => ({
    id,
    seen,
    chain: ["a", "client"],
    ran: "",
    headline: "",
    culprit: null,
    application: "",
    measuredOn: "",
  });
  expect(merged([shown("b", "1"), shown("a", "1")], [shown("b", "2"), shown("c", "2")]).map(({ id, seen }) => id + seen)).toEqual([
    "a1",
    "b2",
    "c2",
  ]);
});
