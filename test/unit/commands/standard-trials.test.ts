import { expect, test } from "vitest";
import { openCatalog } from "../../../harness/catalog/catalog.ts";
import { planChain } from "../../../harness/session/chain.ts";
import { standardTrials } from "../../../harness/commands/standard-trials.ts";
import { checkScenario } from "../../../harness/catalog/schema.ts";

test("the standard trials are scenarios like any other, around the command", async () => {
  const entries = standardTrials("node my-proxy.js --flag");
  expect(entries.map(({ id }) => id)).toEqual([
    "lock-step",
    "lock-step-gzip",
    "header-hold",
    "origin-abort",
    "client-leaving",
    "late-joiner",
    "bodyless",
    "silence",
  ]);
  for (const { id, load } of entries) {
    const scenario = await load();
    expect(checkScenario(scenario, id)).toBe(scenario);
    const { servers, nodes } = await planChain(openCatalog(), id, scenario);
    expect(nodes).toEqual(["origin", "hop", "client"]);
    expect(servers).toMatchObject([{ kind: "command", command: "node my-proxy.js --flag" }]);
  }
});
