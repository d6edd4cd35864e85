// A trial on a route as the lab knows it: a scenario, and the chain of the servers that it runs through. Pure.
import type { ChainPlan } from "../session/chain.ts";
import type { Scenario } from "../define.ts";
import type { Check } from "./checks.ts";
import type { Deployment, Route } from "./configuration.ts";
import { protocolOf, routeVia } from "./protocols.ts";
import { stubClient, signedFor } from "./signature.ts";

/** `from`: the address of its clients, where it matters. */
export const scenarioOf = (of: Route, check: Check, deployment?: Deployment, from = stubClient): Scenario => {
  const route = routeVia(of, check);
  const signed = signedFor(deployment?.signatures ?? [], from);
  const headers = deployment?.requestHeaders?.[route.id] ?? [];
  // TLS is only spoken where the listener does.
  const { clients, ...request } = check.request;
  return {
    title: `${route.id}: ${check.title}`,
    chain: [{ app: check.response.format as string }, route.id],
    request: {
      ...request,
      path: signed(route.path),
      ...(route.isUnmarked ? { isNamedInTarget: false } : {}),
      host: route.host,
      headers: [...(check.request.headers ?? []), ...headers.map(([name, value]): [string, string] => [name, signed(value)])],
      ...(route.tls ? { clients: clients ?? protocolOf(route, check) } : {}),
    },
    response: check.response,
    trial: check.trial,
    must: check.must,
  };
};

/** `hops`: from the one that clients reach to the one nearest the origin. */
export const chainOf = (hops: readonly string[], check: Check, deployment: Deployment): ChainPlan => ({
  servers: [],
  nodes: ["origin", ...hops.toReversed(), "client"],
  links: ["origin", ...hops.toReversed()].map((from, at) => ({ from, to: hops.at(-1 - at) ?? "client", level: "decoded" })),
  serverOfNode: new Map(hops.map((hop, at) => [hop, at])),
  linkOfTap: (tap) => Math.min(tap, hops.length),
  linkOfProbe: () => -1,
  subrequests: (deployment.subrequests ?? []).flatMap(({ path }) => (path === null ? [] : [path])),
  response: check.response,
  limitMs: null,
  ...((check.timeScale ?? 1) === 1 ? {} : { timeScale: check.timeScale as number }),
  words: [String(check.response.format), ...hops.toReversed(), "client"],
});
