// Plans a chain: the servers and middlewares that a scenario names, and the links between them.
import type { Application } from "./application.ts";
import { planApplication, refuseUntold } from "./application-origin.ts";
import { withListeners } from "./clients.ts";
import { refuseReload } from "./reloading.ts";
import { refuseUnswept } from "./swept.ts";
import type { Fed } from "./application-origin.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { nearestTo } from "../catalog/shelf.ts";
import type { BinaryServer, HopPlan, MiddlewareDefinition, ResponsePlan, Scenario, Variant } from "../define.ts";
import type { Link } from "../model/trace.ts";
import { AuthorError } from "../errors.ts";
import type { MiddlewarePlan, ServerPlan } from "../runtime/runtime.ts";
import { askerOf } from "../catalog/source.ts";
import { chooseVersion, majorOf, nodeVersions, partsOf } from "../catalog/versions.ts";
import type { AskedVersion } from "../catalog/versions.ts";

export interface ChainPlan {
  servers: ServerPlan[];
  /** `origin`, servers and middlewares by their ids in the direction of the bytes, `client`. */
  nodes: string[];
  links: Link[];
  /** Which server hosts a node: its index in `servers`. */
  serverOfNode: Map<string, number>;
  linkOfTap: (tap: number) => number;
  linkOfProbe: (place: string) => number;
  /** Paths of a hop's own subrequests. */
  subrequests?: readonly string[];
  /** Upstreams in the configuration of the hop nearest the origin, which the lab scripts. */
  scripted?: readonly string[];
  /** What its requests carry that is not to be shown. */
  secrets?: readonly string[];
  response: ResponsePlan;
  /** The longest limit that a hop declares. */
  limitMs: number | null;
  /** How many times faster the clocks of its servers run; default 1. */
  timeScale?: number;
  /** The user's own application, instead of the lab's origin. */
  application?: Application;
  /** A real application is the first of the servers, and asks for its records. */
  fed?: Fed;
  /** For people: `sse → http-proxy (cache, gzip) → nginx:gzip`. */
  words: string[];
}

/** Throws AuthorErrors that name the scenario and the nearest id. */
export const planChain = async (catalog: Catalog, id: string, scenario: Scenario, image: string | null = null): Promise<ChainPlan> => {
  const [origin, ...hops] = scenario.chain;
  const askedAt = (...path: (string | number)[]): string => askerOf(scenario, id, path);
  const first = await planOrigin(catalog, origin.app, scenario, askedAt("chain", 0, "app"));
  if (hops.length === 0 && !first.application)
    throw new AuthorError(`${askedAt("chain")}: chain has no hop between the origin and the client; add at least one, e.g. "http-pipe"`);
  const unique = uniqueNames(["origin", "client"]);
  const servers: ServerPlan[] = [];
  const nodes = ["origin"];
  const links: Link[] = [];
  const serverOfNode = new Map<string, number>();
  const tapLinks: number[] = [];
  const probeLinks = new Map<string, number>();
  const limits: number[] = [];

  if (first.application) {
    const { plan, fed } = first.application;
    servers.push(plan);
    tapLinks.push(0);
    links.push({ from: "origin", to: unique(fed.hop), level: "asked" });
    nodes.push(fed.hop);
    serverOfNode.set(fed.hop, 0);
    if (plan.kind === "binary" && plan.settings.limitMs !== undefined) limits.push(plan.settings.limitMs);
  }
  for (const [place, hop] of hops.entries()) {
    const index = servers.length;
    const planned = await planServer(catalog, askedAt("chain", place + 1), hop, unique, image);
    servers.push(planned.plan);
    limits.push(...planned.limits);
    tapLinks.push(links.length);
    links.push({ from: nodes.at(-1) ?? "origin", to: planned.plan.hop, level: "decoded" });
    nodes.push(planned.plan.hop);
    serverOfNode.set(planned.plan.hop, index);
    for (const [at, node] of planned.middlewareNodes.entries()) {
      probeLinks.set(`${planned.plan.hop}#${at}`, links.length);
      links.push({ from: nodes.at(-1) ?? "", to: node, level: "probe" });
      nodes.push(node);
      serverOfNode.set(node, index);
    }
  }
  const last = servers.pop();
  if (last) servers.push(withListeners(scenario, askedAt("request", "clients"), last));
  refuseReload(scenario, askedAt("trial"), servers);
  refuseUnswept(scenario, first.response, askedAt);
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
    response: first.response,
    ...(first.application ? { fed: first.application.fed } : {}),
    limitMs: limits.length === 0 ? null : Math.max(...limits),
    words: [origin.app, ...hops.map(wordsOf), "client"],
  };
};

/** Gives each name a number if it is taken. */
const uniqueNames = (taken: readonly string[]): ((name: string) => string) => {
  const names = new Set(taken);
  return (name) => {
    let candidate = name;
    for (let number = 2; names.has(candidate); number++) candidate = `${name}-${number}`;
    names.add(candidate);
    return candidate;
  };
};

interface PlannedOrigin {
  response: ResponsePlan;
  application: ReturnType<typeof planApplication> | null;
}

const planOrigin = async (catalog: Catalog, app: string, scenario: Scenario, asked: string): Promise<PlannedOrigin> => {
  const { server: id, version: wanted, variant } = partsOf(app);
  const entry = catalog.origins.find(id, asked);
  const definition = await entry.load();
  if (definition.kind !== "application") {
    if (id !== app)
      throw new AuthorError(`${asked} is "${app}", but "${id}" is a scripted origin, which has neither versions nor variants`);
    return { response: { ...definition.response, ...scenario.response }, application: null };
  }
  refuseUntold(scenario, asked, id, definition);
  const settings = variantOf(definition.variants, variant, `${asked}: application "${id}"`);
  const version = wanted === null ? null : versionOf(definition, wanted, `${asked}: application "${id}"`);
  const application = planApplication(definition, { id, file: entry.file, variant, settings, version }, scenario.trial);
  return { response: { format: "sse", ...definition.response, ...scenario.response }, application };
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
        `${asked} has "${server}" without a command; name one that listens on PORT and forwards to UPSTREAM, e.g. "${commandPrefix}node my-proxy.js"`,
      );
    if (middlewares.length > 0)
      throw new AuthorError(`${asked} puts middlewares into a command, which cannot host them; put them into a Node server before it`);
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
      throw new AuthorError(`${asked} puts middlewares into "${serverId}", which is not a Node server; put them into one before it`);
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

/** In a chain, `--hop "node x.js"` is written `command:node x.js`. */
export const commandPrefix = "command:";

export const runsCommand = ({ chain: [, ...hops] }: Scenario): boolean =>
  hops.some((hop) => (typeof hop === "string" ? hop : hop.server).startsWith(commandPrefix));

/** npm decides the version of a Node server; a chain chooses the version of Node. */
const nodeOf = (wanted: string, asked: string): number => {
  if (nodeVersions.includes(wanted)) return majorOf(wanted);
  throw new AuthorError(`${asked} has no version "${wanted}"; ${nearestTo(wanted, nodeVersions)}`);
};

const versionOf = (definition: Pick<BinaryServer, "debian" | "versions">, wanted: string, asked: string): AskedVersion => {
  const version = chooseVersion(definition, wanted);
  if (!version) throw new AuthorError(`${asked} has no version "${wanted}"; ${nearestTo(wanted, Object.keys(definition.versions ?? {}))}`);
  return version;
};

const variantOf = <V extends Variant>(variants: Record<string, V>, variant: string, asked: string): V => {
  const settings = Object.hasOwn(variants, variant) ? variants[variant] : undefined;
  if (!settings) throw new AuthorError(`${asked} has no variant "${variant}"; ${nearestTo(variant, Object.keys(variants))}`);
  return settings;
};
