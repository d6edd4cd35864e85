// The routes of a configuration: every block that forwards requests, with a request that it really gets.
import { AuthorError } from "../../runtime/runtime.ts";
import type { LeftOut, Route, Upstream } from "../configuration.ts";
import { decodePath, encodeGiven, encodePath } from "./candidates.ts";
import { finderOf, isInternal } from "./locations.ts";
import { patternOf } from "./patterns.ts";
import { reach } from "./reach.ts";
import type { Reached } from "./reach.ts";
import { madeUpHost, serversOf, speaksHttp2 } from "./servers.ts";
import type { Server } from "./servers.ts";
import { innerPorts, resolveInner } from "./inner.ts";
import { subrequestsOf } from "./subrequests.ts";
import type { Subrequest } from "./subrequests.ts";
import { childrenOf, lookup } from "./tree.ts";
import type { Directive } from "./tree.ts";
import { keyOf, setsOf, targetsOf, upstreamBlocks } from "./upstreams.ts";
import type { Targets } from "./upstreams.ts";
import { sourcesOf } from "./values.ts";

export interface Choice {
  /** How the user called the configuration. */
  given: string;
  host?: string | undefined;
  path?: string | undefined;
}

export interface RouteMap {
  routes: Route[];
  upstreams: Upstream[];
  leftOut: LeftOut[];
  ports: number[];
  /** By route's id: header fields without which it refuses every request. */
  requestHeaders: Record<string, [name: string, value: string][]>;
  /** Requests that nginx sends besides, which must be answered with success. */
  subrequests: Subrequest[];
}

/** Of every `auth_basic_user_file` that stands in. */
export const standInUser = { name: "hopwise", password: "hopwise" };

const mostBlocks = 5000;

export const findRoutes = (roots: readonly Directive[], choice: Choice): RouteMap => {
  const servers = serversOf(roots);
  const finders = new Map(servers.map((server) => [server, finderOf(server.block)]));
  const count = [...finders.values()].reduce((sum, { all }) => sum + all.length + 1, 0);
  if (count > mostBlocks)
    throw new AuthorError(`${choice.given} has ${count} servers and locations; more than ${mostBlocks} are not checked at once.`);
  const uri = choice.path === undefined ? null : decodePath(choice.path);
  if (choice.path !== undefined && uri === null)
    throw new AuthorError(`--path ${choice.path} is no path that can be asked for; it begins with a slash and goes no step upwards.`);

  const found: Found[] = [];
  const upstreams = new Map<string, Upstream>();
  const leftOut: LeftOut[] = [];
  const subrequests: Subrequest[] = [];
  const passTargets = new Map<Directive, Targets>();
  for (const [server, finder] of finders) {
    const http = server.block.parent ?? server.block;
    const [blocks, sources, sets] = [upstreamBlocks(http), sourcesOf(http), setsOf(server.block)];
    const { reached, failed, deaf } = reach(server, servers, finder, sources, {
      host: choice.host !== undefined && answersTo(server, choice.host) ? choice.host : null,
      uri,
    });
    const helped = subrequestsOf(server.block, finder);
    for (const block of proxyingBlocks(server.block)) {
      const pass = passOf(block);
      if (!pass) continue;
      const by = reached.get(block);
      const seen = by?.outcome.target;
      const targets = targetsOf(pass, blocks, sources, sets, typeof seen === "string" ? [seen] : []);
      passTargets.set(pass, targets);
      leftOut.push(...targets.leftOut);
      for (const upstream of targets.upstreams) upstreams.set(keyOf(upstream), upstreams.get(keyOf(upstream)) ?? upstream);
      const untrusted = targets.upstreams.some(({ scheme }) => scheme === "https") && lookup(block, "proxy_ssl_verify")?.args[0] === "on";
      if (untrusted)
        leftOut.push({
          what: titleOf(block),
          why: "it forwards only to a certificate that it trusts (proxy_ssl_verify on)",
          place: block.place,
        });
      if (by && targets.upstreams.length > 0 && !untrusted) found.push({ server, block, by, targets });
      const isSilent =
        by !== undefined || targets.upstreams.length === 0 || uri !== null || choice.host !== undefined || helped.locations.has(block);
      if (!isSilent) leftOut.push({ what: titleOf(block), why: deaf ?? whyUnreached(block, failed), place: block.place });
    }
    subrequests.push(...helped.requestsFor(passTargets));
  }
  const own = innerPorts(servers);
  const chosen = found.filter(({ server }) => choice.host === undefined || answersTo(server, choice.host));
  if (chosen.length === 0 && found.length + (choice.path === undefined ? 0 : 1) > 0) refuse(choice, servers, found);
  const leading = chosen.map((one) => ({ ...one, upstreams: resolveInner(one.targets.upstreams, servers, own, passTargets).map(keyOf) }));
  for (const { block, upstreams: none } of leading)
    if (none.length === 0)
      leftOut.push({
        what: titleOf(block),
        why: "it leads to another server of this configuration, which forwards nothing",
        place: block.place,
      });
  const routes = withIds(
    leading.filter(({ upstreams: some }) => some.length > 0),
    choice.path === undefined ? undefined : encodeGiven(choice.path),
  );
  const requestHeaders: RouteMap["requestHeaders"] = {};
  for (const { route, by } of routes) if (by.outcome.needsPassword) requestHeaders[route.id] = [["authorization", basic]];
  return {
    routes: routes.map(({ route }) => route),
    upstreams: resolveInner([...upstreams.values()], servers, own, passTargets),
    leftOut,
    ports: [...new Set(servers.flatMap(({ listens }) => listens.map(({ port }) => port)))].toSorted((one, other) => one - other),
    requestHeaders,
    subrequests,
  };
};

const basic = `Basic ${Buffer.from(`${standInUser.name}:${standInUser.password}`).toString("base64")}`;

interface Found {
  server: Server;
  block: Directive;
  by: Reached;
  targets: Targets;
}

const passOf = (block: Directive): Directive | undefined => childrenOf(block).find(({ name }) => name === "proxy_pass");

const proxyingBlocks = (block: Directive): Directive[] =>
  childrenOf(block).flatMap((child) => (child.block ? [...(passOf(child) ? [child] : []), ...proxyingBlocks(child)] : []));

/** By its names; a server without any takes every host. */
const answersTo = ({ names }: Server, host: string): boolean => {
  const asked = host.toLowerCase();
  return names.some((given) => {
    const name = given.toLowerCase();
    if (name === "" || name === "_" || name === asked) return true;
    if (name.startsWith("~")) return patternOf(given.slice(1), true)?.match(asked) !== null;
    if (name.startsWith(".")) return `.${asked}`.endsWith(name);
    return name.startsWith("*.") ? asked.endsWith(name.slice(1)) : name.endsWith(".*") && asked.startsWith(name.slice(0, -1));
  });
};

const refuse = ({ given, host, path }: Choice, servers: readonly Server[], found: readonly Found[]): never => {
  const asked = [...(host === undefined ? [] : [`--host ${host}`]), ...(path === undefined ? [] : [`--path ${path}`])].join(" ");
  const names = [...new Set(servers.flatMap((server) => server.names.filter((name) => name !== "")))];
  const hostIsKnown = host === undefined || servers.some((server) => answersTo(server, host));
  if (!hostIsKnown || (path === undefined && found.length > 0))
    throw new AuthorError(`${given} forwards nothing for ${asked}; its server names are ${listed(names)}.`);
  const everything = servers.flatMap(({ block }) => proxyingBlocks(block).map((one) => `${titleOf(one)} (line ${one.place.line})`));
  throw new AuthorError(`${given} forwards nothing for ${asked}; what forwards is ${listed([...new Set(everything)])}.`);
};

const mostListed = 20;

const listed = (choices: readonly string[]): string =>
  choices.length === 0
    ? "none"
    : choices.slice(0, mostListed).join(", ") + (choices.length > mostListed ? ` and ${choices.length - mostListed} more` : "");

/** As it stands there. */
const titleOf = (block: Directive): string => {
  const title = [block.name, ...block.args].join(" ");
  return block.name === "location" || !block.parent ? title : `${title} in ${titleOf(block.parent)}`;
};

const whyUnreached = (block: Directive, failed: ReadonlyMap<Directive, string>): string => {
  const location = locationAround(block);
  const why = location && failed.get(location);
  if (why) return `${why}; give a path that it serves with --path`;
  if (block.name !== "location") return "no plain GET request comes there";
  if (location?.args[0]?.startsWith("@")) return "no plain GET request is led there";
  if (location && isInternal(location)) return "it is internal, and only a response of the application leads there";
  return "no path was found that it serves; give one with --path";
};

const locationAround = (block: Directive): Directive | null =>
  block.name === "location" ? block : block.parent && locationAround(block.parent);

type FoundRoute = Found & { upstreams: string[] };

/** Two of the same id get their line behind it, and what is still the same a number. */
const withIds = (found: readonly FoundRoute[], path: string | undefined): { route: Route; by: Reached }[] => {
  const idOf = ({ by: { host, listen, uri } }: Found): string => `${host === madeUpHost ? `:${listen.port}` : host}${encodePath(uri)}`;
  const withLine = (one: Found): string => `${idOf(one)}:${one.block.place.line}`;
  const sharing = Map.groupBy(found, idOf);
  const used = new Map<string, number>();
  return found.map((one) => {
    const base = (sharing.get(idOf(one))?.length ?? 0) > 1 ? withLine(one) : idOf(one);
    const times = (used.get(base) ?? 0) + 1;
    used.set(base, times);
    return { route: routeOf(one, times > 1 ? `${base}:${times}` : base, path), by: one.by };
  });
};

const routeOf = ({ server, block, by: { listen, host, uri }, upstreams }: FoundRoute, id: string, path: string | undefined): Route => ({
  id,
  place: block.place,
  title: titleOf(block),
  port: listen.port,
  tls: listen.tls,
  http2: speaksHttp2(server, listen),
  host,
  path: path ?? encodePath(uri),
  upstreams: [...new Set(upstreams)],
});
