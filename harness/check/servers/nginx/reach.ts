// Which blocks of one server get requests to forward, and by which request each is reached.
import { candidatesOf } from "./candidates.ts";
import type { Fields } from "./fields.ts";
import { past, takenBy } from "./passage.ts";
import { titleOf } from "./forwarding.ts";
import type { Chooser } from "./chooser.ts";
import type { Captures, Finder } from "./locations.ts";
import { patternOf } from "./patterns.ts";
import { hostsOf } from "./servers.ts";
import { comesTo } from "./stream-fronts.ts";
import type { Listen, Server } from "./servers.ts";
import type { Directive } from "./tree.ts";
import { walk } from "./walk.ts";
import type { Surroundings, Outcome } from "./walking.ts";

export type Proxied = Extract<Outcome, { kind: "proxied" }>;

export interface Reached {
  listen: Listen;
  host: string;
  /** Decoded. */
  uri: string;
  outcome: Proxied;
  /** Further listeners on which the same request comes there. */
  others: Listen[];
}

/** What narrows the search: a host or a decoded path that the user gave. */
export interface Asked {
  host: string | null;
  uri: string | null;
  accept: string;
  method: string;
  /** What its requests carry. */
  fields: Fields;
}

export interface ReachResult {
  /** By the block that forwards. */
  reached: Map<Directive, Reached>;
  /** By location: why its own paths came to nothing. */
  failed: Map<Directive, string>;
  /** Why the requested path cannot be followed; null if it can. */
  lost: string | null;
  /** What takes the requested path in place of a location that forwards; null if nothing does. */
  taken: string | null;
  /** Why no request comes to this server at all; null if one does. */
  deaf: string | null;
}

export const reach = (server: Server, chooser: Chooser, surroundings: Surroundings, asked: Asked): ReachResult => {
  const result: ReachResult = { reached: new Map(), failed: new Map(), lost: null, taken: null, deaf: null };
  const portForwards = portForwardsOf(server, chooser, asked.host);
  if (typeof portForwards === "string") return { ...result, deaf: portForwards };
  for (const { listen, host } of portForwards) {
    const captures = nameCaptures(server, host);
    const request = {
      scheme: listen.tls ? ("https" as const) : ("http" as const),
      host,
      port: listen.port,
      accept: asked.accept,
      method: asked.method,
    };
    const follow = past(surroundings, asked.fields, (around, fields, uri) => walk(around, { ...request, uri, fields }, captures));
    const outcome = asked.uri === null ? null : follow(asked.uri);
    if (outcome?.kind === "unknown") result.lost ??= outcome.why;
    if (outcome?.kind === "answered") result.taken ??= takenBy(asked.uri ?? "", outcome, surroundings.finder);
    const here = outcome ? reachedAt(asked.uri ?? "", outcome) : reachedBy(surroundings.finder, follow, result.failed);
    for (const [block, found] of result.reached) if (found.host === host && leadsTo(follow(found.uri), block)) found.others.push(listen);
    for (const [block, found] of here) if (!result.reached.has(block)) result.reached.set(block, { listen, host, others: [], ...found });
  }
  return result;
};

const leadsTo = (outcome: Outcome, block: Directive): boolean => outcome.kind === "proxied" && outcome.block === block;

type ReachedHere = Pick<Reached, "uri" | "outcome">;

const reachedAt = (uri: string, outcome: Outcome): Map<Directive, ReachedHere> =>
  new Map(outcome.kind === "proxied" ? [[outcome.block, { uri, outcome }]] : []);

const reachedBy = (finder: Finder, follow: (uri: string) => Outcome, failed: Map<Directive, string>): Map<Directive, ReachedHere> => {
  const own = new Map<Directive, ReachedHere>();
  const byOthers = new Map<Directive, ReachedHere>();
  const byBlock = new Map(finder.all.map((location) => [location.block, location]));
  for (const location of finder.all) {
    const outer = (location.block.parent && byBlock.get(location.block.parent)) ?? null;
    let why: string | null = null;
    let elsewhere: string | null = null;
    for (const candidate of candidatesOf(location, outer)) {
      const outcome = follow(candidate);
      if (outcome.kind !== "proxied") {
        why ??=
          outcome.kind === "unknown" ? (outcome.whatever ? outcome.why : `${outcome.why}; give a path that it serves with --path`) : null;
        continue;
      }
      const isOwn = isWithin(outcome.block, location.block);
      const reached = isOwn ? own : byOthers;
      if (!isOwn) elsewhere ??= `the requested path is led to ${titleOf(outcome.block)} (line ${outcome.block.place.line})`;
      if (!reached.has(outcome.block)) reached.set(outcome.block, { uri: candidate, outcome });
      if (outcome.block === location.block) break;
    }
    why ??= elsewhere;
    if (why !== null) failed.set(location.block, why);
  }
  // Of a server whose own try_files lead to a named location.
  for (const candidate of ["/events", "/a/b", "/hopwise/events.txt"]) {
    const outcome = follow(candidate);
    if (outcome.kind === "proxied" && !byOthers.has(outcome.block)) byOthers.set(outcome.block, { uri: candidate, outcome });
  }
  for (const [block, found] of byOthers) if (!own.has(block)) own.set(block, found);
  return own;
};

const isWithin = (block: Directive, outer: Directive): boolean =>
  block === outer || (block.parent !== null && block.name !== "location" && isWithin(block.parent, outer));

const nameCaptures = ({ names }: Server, host: string): Captures | null => {
  for (const name of names) {
    const match = name.startsWith("~") ? patternOf(name.slice(1), true)?.match(host) : null;
    if (match) return match;
  }
  return null;
};

const mostHosts = 30;

/** One plain listener and one with TLS, the plain one first, each with a host by which a request comes to this server; else why there is none. */
const portForwardsOf = (server: Server, chooser: Chooser, asked: string | null): { listen: Listen; host: string }[] | string => {
  const usable = server.listens.filter(({ reachable, proxyProtocol, front }) => front !== undefined || (reachable && !proxyProtocol));
  if (usable.length === 0) {
    const [listen] = server.listens;
    if (!listen) return "it listens on a socket of another kind only";
    if (listen.proxyProtocol) return `listen ${listen.given} wants the PROXY protocol, which the lab does not speak`;
    return `listen ${listen.given} cannot be reached from outside its container by IPv4`;
  }
  const portForwards: { listen: Listen; host: string }[] = [];
  for (const tls of [false, true]) {
    for (const listen of usable.filter((one) => one.tls === tls)) {
      const hosts = asked === null ? hostsOf(server).slice(0, mostHosts) : [asked];
      const { front } = listen;
      const host = hosts.find((one) => chooser(listen, one) === server && (!front || comesTo(front.leadsTo(one), listen)));
      if (host === undefined) continue;
      portForwards.push({ listen, host });
      break;
    }
  }
  return portForwards.length > 0 ? portForwards : "another server takes all requests that might come to it";
};
