// The routes of a configuration: every block that forwards requests, with a request that it really gets.
import { anyAccept } from "../../lab/protocol.ts";
import { AuthorError } from "../../runtime/runtime.ts";
import type { Door, LeftOut, Route, Upstream } from "../configuration.ts";
import { decodePath, encodeGiven } from "./candidates.ts";
import { answersTo, refuse } from "./choice.ts";
import type { Choice } from "./choice.ts";
import { chooserOf } from "./chooser.ts";
import { doorsOf, doorTo } from "./doors.ts";
import { newEffort } from "./effort.ts";
import { passOf, proxyingBlocks, titleOf, whyUnreached } from "./forwarding.ts";
import { innerSockets, resolveInner } from "./inner.ts";
import { nearestOf } from "./levels.ts";
import { finderOf } from "./locations.ts";
import { reach } from "./reach.ts";
import type { Reached } from "./reach.ts";
import { withIds } from "./route-ids.ts";
import { serversOf } from "./servers.ts";
import type { Server } from "./servers.ts";
import { subrequestsOf } from "./subrequests.ts";
import type { Subrequest } from "./subrequests.ts";
import type { Directive } from "./tree.ts";
import { keyOf, setsOf, targetsOf, upstreamBlocks } from "./upstreams.ts";
import type { Targets } from "./upstreams.ts";
import { sourcesOf } from "./possible-values.ts";
import type { Sources } from "./possible-values.ts";

export interface RouteMap {
  routes: Route[];
  upstreams: Upstream[];
  leftOut: LeftOut[];
  ports: number[];
  doors: Door[];
  /** By route's id: header fields without which it refuses every request. */
  requestHeaders: Record<string, [name: string, value: string][]>;
  /** Requests that nginx sends besides, which must be answered with success. */
  subrequests: Subrequest[];
}

/** Of every `auth_basic_user_file` that stands in. */
export const standInUser = { name: "hopwise", password: "hopwise" };

const mostBlocks = 2000;

export const findRoutes = (roots: readonly Directive[], choice: Choice): RouteMap => {
  const servers = serversOf(roots);
  const effort = newEffort();
  const chooser = chooserOf(servers, effort);
  const finders = new Map(servers.map((server) => [server, finderOf(server.block, effort)]));
  const count = [...finders.values()].reduce((sum, { all }) => sum + all.length + 1, 0);
  if (count > mostBlocks)
    throw new AuthorError(`${choice.given} has ${count} servers and locations; more than ${mostBlocks} are not checked at once.`);
  const uri = choice.path === undefined ? null : decodePath(choice.path);
  if (choice.path !== undefined && uri === null)
    throw new AuthorError(`--path ${choice.path} is no path that can be asked for; it begins with a slash and goes no step upwards.`);

  const found: Found[] = [];
  const lost: string[] = [];
  const upstreams = new Map<string, Upstream>();
  const leftOut: LeftOut[] = [];
  const subrequests: Subrequest[] = [];
  const passTargets = new Map<Directive, Targets>();
  const ofHttp = perHttp();
  for (const [server, finder] of finders) {
    const { blocks, sources } = ofHttp(server.block.parent ?? server.block);
    const sets = setsOf(server.block);
    const isAsked = choice.host === undefined || answersTo(server, choice.host);
    const { reached, failed, deaf, ...followed } = reach(
      server,
      chooser,
      { server: server.block, finder, sources, effort },
      {
        host: choice.host !== undefined && answersTo(server, choice.host) ? choice.host : null,
        uri,
        accept: choice.accept ?? anyAccept,
      },
    );
    if (isAsked && followed.lost !== null) lost.push(followed.lost);
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
      const untrusted =
        targets.upstreams.some(({ scheme }) => scheme === "https") && nearestOf(block, "proxy_ssl_verify")[0]?.args[0] === "on";
      if (untrusted)
        leftOut.push({
          what: titleOf(block),
          why: "it forwards only to a certificate that it trusts (proxy_ssl_verify on)",
          place: block.place,
        });
      if (by && targets.upstreams.length > 0 && !untrusted) found.push({ server, block, by, targets });
      else if (by && isAsked) lost.push(`${titleOf(block)} (line ${block.place.line}) is left out, since ${leftOut.at(-1)?.why}`);
      const isSilent =
        by !== undefined || targets.upstreams.length === 0 || uri !== null || choice.host !== undefined || helped.locations.has(block);
      if (!isSilent) leftOut.push({ what: titleOf(block), why: deaf ?? whyUnreached(block, failed), place: block.place });
    }
    subrequests.push(...helped.requestsFor(passTargets));
  }
  const own = innerSockets(servers);
  const doors = doorsOf(servers);
  const chosen = found.filter(({ server }) => choice.host === undefined || answersTo(server, choice.host));
  if (chosen.length === 0 && found.length + (choice.path === undefined ? 0 : 1) > 0) refuse(choice, servers, found.length > 0, lost);
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
    doors,
  );
  const requestHeaders: RouteMap["requestHeaders"] = {};
  for (const { route, by } of routes) if (by.outcome.needsPassword) requestHeaders[route.id] = [["authorization", basic]];
  return {
    routes: routes.map(({ route }) => route),
    upstreams: resolveInner([...upstreams.values()], servers, own, passTargets),
    leftOut,
    ports: [
      ...new Set(servers.flatMap(({ listens }) => listens.flatMap((listen) => (listen.reachable ? [doorTo(doors, listen)] : [])))),
    ].toSorted((one, other) => one - other),
    doors,
    requestHeaders,
    subrequests,
  };
};

/** Of each http block once: what all of its servers share. */
const perHttp = (): ((http: Directive) => { blocks: ReturnType<typeof upstreamBlocks>; sources: Sources }) => {
  const known = new Map<Directive, { blocks: ReturnType<typeof upstreamBlocks>; sources: Sources }>();
  return (http) => {
    const found = known.get(http) ?? { blocks: upstreamBlocks(http), sources: sourcesOf(http) };
    known.set(http, found);
    return found;
  };
};

const basic = `Basic ${Buffer.from(`${standInUser.name}:${standInUser.password}`).toString("base64")}`;

interface Found {
  server: Server;
  block: Directive;
  by: Reached;
  targets: Targets;
}
