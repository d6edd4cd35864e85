// What the clients of a scenario speak: the listeners that its last hop gets, and what is refused before anything starts.
import { expect, test } from "vitest";
import { openCatalog } from "../../../harness/catalog/catalog.ts";
import type { HopPlan, RequestPlan, Scenario } from "../../../harness/define.ts";
import { planChain } from "../../../harness/session/chain.ts";
import { unspokenIn } from "../../../harness/session/clients.ts";

const catalog = openCatalog();
type Clients = NonNullable<RequestPlan["clients"]>;

const scenarioOf = (clients: Clients, ...hops: HopPlan[]): Scenario => ({
  title: "x",
  chain: [{ app: "sse" }, ...hops],
  request: { clients },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});

const listenersOf = async (clients: Clients, ...hops: HopPlan[]) => {
  const { servers } = await planChain(catalog, "x", scenarioOf(clients, ...hops));
  return servers.map((plan) => (plan.kind === "binary" ? (plan.listeners ?? []) : []));
};

test("the last hop listens for what its clients speak, and no other hop does", async () => {
  expect(await listenersOf(["h1", "h2", "h2c"], "varnish", "nginx:unbuffered")).toEqual([[], ["h2", "h2c"]]);
  expect(await listenersOf("h1", "nginx")).toEqual([[]]);
  expect(await listenersOf("h1-tls", "nginx")).toEqual([["h1-tls"]]);
});

test.each<[Clients, string, string]>([
  [
    "h2",
    "varnish",
    'has clients: h2, but its last hop "varnish" does not listen for HTTP/2 over TLS: use h1, or put a server that does after it',
  ],
  [["h1", "h1-tls"], "http-proxy", 'has clients: h1-tls, but its last hop "http-proxy" does not listen for HTTP/1.1 over TLS: use h1, or'],
  ["h2c", "tcp-pipe", 'has clients: h2c, but its last hop "tcp-pipe" does not listen for HTTP/2 without TLS'],
  ["h2", "command:node x.js", 'has clients: h2, but its last hop "hop" does not listen for HTTP/2 over TLS'],
])("clients that speak %s to %s are refused", async (clients, hop, words) => {
  await expect(listenersOf(clients, hop)).rejects.toThrow(words);
});

test("an application that is the whole chain listens for HTTP/1.1 alone", async () => {
  const alone: Scenario = { ...scenarioOf("h2"), chain: [{ app: "django" }] };
  await expect(planChain(catalog, "x", alone)).rejects.toThrow('its last hop "django" does not listen for HTTP/2 over TLS');
});

test("HTTP/3 is not checked where its client cannot run, and refused before a hop that does not listen for it", async () => {
  const without = { unsupported: async () => "It is not installed." };
  expect(await listenersOf(["h1", "h3"], "nginx")).toEqual([["h3"]]);
  expect(await unspokenIn(scenarioOf(["h1", "h3"], "nginx"), without)).toBe(
    "not checked: this machine has no client for HTTP/3. Install aioquic (Debian 13 and later: apt-get install python3-aioquic), or use --runtime container.",
  );
  expect(await unspokenIn(scenarioOf(["h1", "h2"], "nginx"), without)).toBe(null);
  expect(await unspokenIn(scenarioOf("h3", "nginx"), { unsupported: async () => null })).toBe(null);
  await expect(listenersOf("h3", "http-proxy")).rejects.toThrow('its last hop "http-proxy" does not listen for HTTP/3: use h1');
});
