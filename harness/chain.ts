// From what a scenario names to what must be started: servers, middlewares, and the links between them.
import type { Application } from "./application.ts";
import type { Catalog } from "./catalog.ts";
import { nearestTo } from "./catalog.ts";
import type { BinaryServer, HopPlan, MiddlewareDefinition, ResponsePlan, Scenario, Variant } from "./define.ts";
import type { Link } from "./model/trace.ts";
import { AuthorError } from "./runtime/runtime.ts";
import type { MiddlewarePlan, ServerPlan } from "./runtime/runtime.ts";
import { askerOf } from "./source.ts";
import { chooseVersion, majorOf, nodeVersions, partsOf } from "./versions.ts";
import type { AskedVersion } from "./versions.ts";

export interface ChainPlan {
  servers: ServerPlan[];
  /** `origin`, servers and middlewares by their ids in the direction of the bytes, `client`. */
  nodes: string[];
  links: Link[];
  /** Which server hosts a node: its index in `servers`. */
  serverOfNode: Map<string, number>;
  linkOfTap: (tap: number) => number;
  linkOfProbe: (place: string) => number;
  /** Paths that a hop asks for beside the client's request. */
  asides?: readonly string[];
  response: ResponsePlan;
  /** The longest limit that a hop declares. */
  limitMs: number | null;
  /** How many times faster the clocks of its servers run; default 1. */
  timeScale?: number;
  /** The user's own, in the place of the lab's origin. */
  application?: Application;
  /** For people: `sse → http-proxy (cache, gzip) → nginx:gzip`. */
  words: string[];
}

/** Throws AuthorErrors that name the scenario and the nearest id. */
export const planChain = async (catalog: Catalog, id: string, scenario: Scenario, image: string | null = null): Promise<ChainPlan> => {
  const [origin, ...hops] = scenario.chain;
  const askedAt = (...path: (string | number)[]): string => askerOf(scenario, id, path);
  const asked = askedAt("chain");
  if (hops.length === 0) throw new AuthorError(`${asked} has no hop between the origin and the client; add at least one, e.g. "http-pipe"`);
  const application = await catalog.origins.find(origin.app, askedAt("chain", 0, "app")).load();
  const names = new Set<string>(["origin", "client"]);
  const unique = (name: string): string => {
    let candidate = name;
    for (let number = 2; names.has(candidate); number++) candidate = `${name}-${number}`;
    names.add(candidate);
    return candidate;
  };
  const servers: ServerPlan[] = [];
  const nodes = ["origin"];
  const links: Link[] = [];
  const serverOfNode = new Map<string, number>();
  const tapLinks: number[] = [];
  const probeLinks = new Map<string, number>();
  const limits: number[] = [];

  for (const [index, hop] of hops.entries()) {
    const planned = await planServer(catalog, askedAt("chain", index + 1), hop, unique, image);
    servers.push(planned.plan);
    limits.push(...planned.limits);
    tapLinks.push(links.length);
    links.push({ from: nodes.at(-1) ?? "origin", to: planned.plan.hop, level: "decoded" });
    nodes.push(planned.plan.hop);
    serverOfNode.set(planned.plan.hop, index);
    for (const [place, node] of planned.middlewareNodes.entries()) {
      probeLinks.set(`${planned.plan.hop}#${place}`, links.length);
      links.push({ from: nodes.at(-1) ?? "", to: node, level: "probe" });
      nodes.push(node);
      serverOfNode.set(node, index);
    }
  }
  tapLinks.push(links.length);
  links.push({ from: nodes.at(-1) ?? "", to: "client", level: "decoded" });
  nodes.push("client");
  return {
    servers,
    nodes,
    links,
    serverOfNode,
    linkOfTap: (tap) => tapLinks[tap] ?? links.length - 1,
    linkOfProbe: (place) => probeLinks.get(place) ?? -1,
    response: { ...application.response, ...scenario.response },
    limitMs: limits.length === 0 ? null : Math.max(...limits),
    words: [origin.app, ...hops.map(wordsOf), "client"],
  };
};

const wordsOf = (hop: HopPlan): string =>
  typeof hop === "string" ? hop : hop.middlewares?.length ? `${hop.server} (${hop.middlewares.join(", ")})` : hop.server;

const planServer = async (
  catalog: Catalog,
  asked: string,
  hop: HopPlan,
  unique: (name: string) => string,
  image: string | null,
): Promise<{ plan: ServerPlan; middlewareNodes: string[]; limits: number[] }> => {
  const { server, middlewares = [], id } = typeof hop === "string" ? { server: hop } : hop;
  if (server.startsWith(commandPrefix)) {
    const command = server.slice(commandPrefix.length);
    if (command.trim() === "")
      throw new AuthorError(
        `${asked} has "${server}" without a command; it is one that listens on PORT and forwards to UPSTREAM, e.g. "${commandPrefix}node my-proxy.js"`,
      );
    if (middlewares.length > 0) throw new AuthorError(`${asked} puts middlewares into a command; put them into a Node server before it`);
    return { plan: { kind: "command", hop: unique(id ?? "hop"), command, workingFolder: process.cwd() }, middlewareNodes: [], limits: [] };
  }
  const { server: serverId, version: wanted, variant } = partsOf(server);
  const entry = catalog.servers.find(serverId, asked);
  const definition = await entry.load();
  const settings = variantOf(definition.variants, variant, `${asked}: server "${serverId}"`);
  const name = unique(id ?? serverId);
  const limits = settings.limitMs === undefined ? [] : [settings.limitMs];
  if (definition.kind === "binary") {
    if (middlewares.length > 0)
      throw new AuthorError(`${asked} puts middlewares into "${serverId}", which is no Node server; put them into one before it`);
    const version = wanted === null ? null : versionOf(definition, wanted, `${asked}: server "${serverId}"`);
    return { plan: { kind: "binary", hop: name, definition, variant, settings, image, version }, middlewareNodes: [], limits };
  }
  const node = wanted === null ? null : nodeOf(wanted, `${asked}: server "${serverId}"`);
  if (middlewares.length > 0 && !definition.handler)
    throw new AuthorError(`${asked} puts middlewares into "${serverId}", which has no HTTP handler to put them around`);
  const plans: MiddlewarePlan[] = [];
  const middlewareNodes: string[] = [];
  for (const middleware of middlewares) {
    const [middlewareId = "", middlewareVariant = "default"] = middleware.split(":");
    const found = catalog.middlewares.find(middlewareId, asked);
    const loaded: MiddlewareDefinition = await found.load();
    const chosen = variantOf(loaded.variants, middlewareVariant, `${asked}: middleware "${middlewareId}"`);
    if (chosen.limitMs !== undefined) limits.push(chosen.limitMs);
    plans.push({ id: middlewareId, file: found.file, variant: middlewareVariant, packages: [loaded.package ?? []].flat() });
    middlewareNodes.push(unique(middlewareId));
  }
  return { plan: { kind: "node", hop: name, file: entry.file, definition, variant, middlewares: plans, node }, middlewareNodes, limits };
};

/** `--hop "node x.js"` stands in a chain as `command:node x.js`. */
export const commandPrefix = "command:";

export const runsCommand = ({ chain: [, ...hops] }: Scenario): boolean =>
  hops.some((hop) => (typeof hop === "string" ? hop : hop.server).startsWith(commandPrefix));

/** A Node server's own version is what npm installed; the one to choose is that of Node. */
const nodeOf = (wanted: string, asked: string): number => {
  if (nodeVersions.includes(wanted)) return majorOf(wanted);
  throw new AuthorError(`${asked} has no version "${wanted}"; ${nearestTo(wanted, nodeVersions)}`);
};

const versionOf = (definition: BinaryServer, wanted: string, asked: string): AskedVersion => {
  const version = chooseVersion(definition, wanted);
  if (!version) throw new AuthorError(`${asked} has no version "${wanted}"; ${nearestTo(wanted, Object.keys(definition.versions ?? {}))}`);
  return version;
};

const variantOf = (variants: Record<string, Variant>, variant: string, asked: string): Variant => {
  const settings = Object.hasOwn(variants, variant) ? variants[variant] : undefined;
  if (!settings) throw new AuthorError(`${asked} has no variant "${variant}"; ${nearestTo(variant, Object.keys(variants))}`);
  return settings;
};
