// `hopwise timeouts`, from what was given to its report. It starts nothing.
import type { Catalog } from "../catalog/catalog.ts";
import { keptResults } from "../catalog/results.ts";
import type { KeptResult } from "../catalog/results.ts";
import { checkableServers } from "../check/registry.ts";
import type { CheckableServer } from "../check/server.ts";
import type { SubjectOptions } from "../check/subject.ts";
import { heartbeatOf, limitKinds, strictestOf } from "../model/strictest.ts";
import type { HopLimits, TimeLimit } from "../model/time-limit.ts";
import type { Limit } from "../model/verdict.ts";
import type { ChainTimeouts, TimeoutsReport } from "../report/timeouts-report.ts";
import { readChain } from "./chain.ts";
import { platformLimits } from "./documented.ts";
import type { Hop } from "./hop.ts";
import { readConfiguration } from "./of-configuration.ts";
import type { RouteGroup } from "./of-configuration.ts";
import { hopLimits } from "./of-hop.ts";
import { platformHop } from "./words.ts";

export interface TimeoutsOptions extends SubjectOptions {
  catalog: Catalog;
  version: string;
}

/** Throws AuthorErrors only. `given`: null if there are only platforms, which stand in front of it, the client's last. */
export const timeoutsReport = async (
  given: string | null,
  platforms: readonly string[],
  { catalog, version, ...options }: TimeoutsOptions,
): Promise<TimeoutsReport> => {
  const inFront = await Promise.all(platforms.map((word) => platformHop(catalog, word, "--platform")));
  const chain = [...(given === null ? [] : await readChain(catalog, given, options.cwd)), ...inFront];
  const known: Known = { results: await keptResults(), servers: await checkableServers() };
  const word = chain.find(({ kind }) => kind === "configuration")?.word;
  const configuration = word === undefined ? null : await readConfiguration(catalog, word, options, known.results);
  const chains = await Promise.all(
    (configuration?.groups ?? [noRoute]).map(async ({ routes, limits }) => {
      const configured = { hop: configuration?.hop ?? "", limits, remarks: configuration?.remarks ?? [] };
      return summary(routes, await Promise.all(chain.map((hop) => limitsOf(hop, configured, known))));
    }),
  );
  return { schema: "hopwise.timeouts/1", tool: { name: "hopwise", version }, given, platforms: [...platforms], chains };
};

const noRoute: RouteGroup = { routes: [], limits: [] };

interface Known {
  results: KeptResult[];
  servers: CheckableServer[];
}

/** `configured`: of the configuration in the chain. */
const limitsOf = async (hop: Hop, configured: HopLimits, { results, servers }: Known): Promise<HopLimits> => {
  switch (hop.kind) {
    case "platform":
      return platformLimits(hop.word, hop.definition, hop.scope);
    case "configuration":
      return configured;
    case "command":
      return { hop: hop.word, limits: [], remarks: [] };
    case "server":
    case "application":
    case "middleware":
      return hopLimits(hop, results, servers);
  }
};

const summary = (routes: string[], hops: HopLimits[]): ChainTimeouts => ({
  routes,
  hops,
  strictest: Object.fromEntries(limitKinds.map((kind) => [kind, strictestOf(hops, kind)])) as Record<Limit, TimeLimit[]>,
  heartbeat: heartbeatOf(hops),
  unknown: hops.flatMap(({ limits }) => limits.filter(({ ms }) => ms === "unknown")),
});
