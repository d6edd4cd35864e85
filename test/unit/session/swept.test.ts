// A scenario that says when it holds names values that its trial runs with; anything else is refused before a run.
import { expect, test } from "vitest";
import { openCatalog } from "../../../harness/catalog/catalog.ts";
import type { Characterization } from "../../../harness/define.ts";
import { planChain } from "../../../harness/session/chain.ts";

const catalog = openCatalog();

const planned = (more: Partial<Characterization>) =>
  planChain(catalog, "x", {
    title: "x",
    chain: [{ app: "sse" }, "nginx"],
    request: { clients: ["h1", "h2"] },
    trial: { kind: "lock-step" },
    does: { deliver: "buffered" },
    because: "https://example.com",
    ...more,
  });

test.each<[string, Partial<Characterization>]>([
  ["a value of several", { when: { clients: ["h2"] } }],
  ["all of them", { when: { clients: ["h2", "h1"] } }],
  ["null, as a word", { request: { acceptEncoding: [null, "gzip"] }, when: { acceptEncoding: ["none"] } }],
  ["a number, as a word", { trial: { kind: "paced", recordBytes: [60, 600] }, when: { recordBytes: ["600"] } }],
  ["a size that the trial runs with unless others are named", { trial: { kind: "size-sweep" }, when: { recordBytes: ["20000"] } }],
  ["a format of the response", { response: { format: ["sse", "ndjson"] }, when: { format: ["ndjson"] } }],
  ["nothing", {}],
])("%s", async (_, more) => {
  await expect(planned(more)).resolves.toBeDefined();
});

test.each<[string, Partial<Characterization>, string]>([
  [
    "a value that never runs",
    { request: { clients: ["h2", "h2c"] }, when: { clients: ["h2", "h1-tls"] } },
    'Scenario "x" has when.clients: h1-tls, but its trial runs with h2, h2c only: add it to the values of clients, or leave it out of when',
  ],
  [
    "a misspelled value",
    { request: { acceptEncoding: ["gzip", "br"] }, when: { acceptEncoding: ["gzpi"] } },
    'has when.acceptEncoding: gzpi, but its trial runs with gzip, br only: did you mean "gzip"?',
  ],
  [
    "another axis than the one that is swept",
    { when: { method: ["GET"] } },
    "has when.method, but its trial does not sweep method (it sweeps clients): list at least two values of method, or leave it out of when",
  ],
  [
    "an axis with one value",
    { request: { clients: ["h2"] }, when: { clients: ["h2"] } },
    "has when.clients, but its trial does not sweep clients: list",
  ],
  ["no value", { when: { clients: [] } }, "has no value in when.clients; it sweeps h1, h2"],
])("%s is refused", async (_, more, words) => {
  await expect(planned(more)).rejects.toMatchObject({ name: "AuthorError", message: expect.stringContaining(words) });
});

test("every scenario of the catalog names values that it runs with", async () => {
  for (const { id, load } of catalog.scenarios.entries) await planChain(catalog, id, await load());
}, 30_000);
