// A reload in mid-stream: which hops can be reloaded, and when it is done.
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { openCatalog } from "../../../harness/catalog/catalog.ts";
import { planChain } from "../../../harness/session/chain.ts";
import type { Scenario } from "../../../harness/define.ts";
import type { Case } from "../../../harness/model/script.ts";
import { act } from "../../../harness/session/reloading.ts";
import type { RunningServer } from "../../../harness/runtime/runtime.ts";

const catalog = openCatalog();

test.for<[what: string, chain: Scenario["chain"], on: string | undefined, says: string | null]>([
  ["nginx", [{ app: "sse" }, "nginx"], undefined, null],
  ["an application behind a hop that has no reload", [{ app: "django" }, "http-pipe"], "django", null],
  ["a hop without a reload", [{ app: "django" }, "http-pipe"], undefined, 'reloads "http-pipe", which cannot be reloaded'],
  ["a variant of an application without one", [{ app: "django:daphne" }], undefined, 'reloads "django", which cannot be reloaded'],
  ["no hop of the chain", [{ app: "sse" }, "nginx"], "ngnix", 'reloads "ngnix", which is none of its hops ("nginx")'],
])("%s", async ([, chain, on, says]) => {
  const trial = { kind: "reload" as const, ...(on === undefined ? {} : { on }) };
  const planned = planChain(catalog, "x", { title: "x", chain, trial, must: { end: "complete" } });
  if (says === null) await expect(planned).resolves.toBeDefined();
  else await expect(planned).rejects.toMatchObject({ name: "AuthorError", message: expect.stringContaining(says) });
});

test("each is done at its time, to its hop, and none once the case is over", async () => {
  const log: string[] = [];
  const server = (hop: string): RunningServer => ({ hop, reload: async () => void log.push(hop) }) as RunningServer;
  const actions = [
    { do: "reload" as const, on: null, afterMs: 20 },
    { do: "reload" as const, on: "a", afterMs: 1 },
    { do: "reload" as const, on: "a", afterMs: 60_000 },
  ];
  const done = await act({ actions } as Case, [server("a"), server("b")], delay(60));
  expect(log).toEqual(["a", "b"]);
  expect(done.map(({ on }) => on)).toEqual(["a", "b"]);
  expect((done[1]?.at ?? 0) - (done[0]?.at ?? 0)).toBeGreaterThan(10);
});
