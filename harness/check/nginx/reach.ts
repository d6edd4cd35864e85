// Which blocks of one server get requests to forward, and by which request each is reached.
import { candidatesOf } from "./candidates.ts";
import { titleOf } from "./forwarding.ts";
import type { Chooser } from "./chooser.ts";
import type { Captures, Finder } from "./locations.ts";
import { patternOf } from "./patterns.ts";
import { asksForCertificate, hostsOf } from "./servers.ts";
import type { Listen, Server } from "./servers.ts";
import type { Directive } from "./tree.ts";
import { walk } from "./walk.ts";
import type { Ground, Outcome } from "./walking.ts";

export type Proxied = Extract<Outcome, { kind: "proxied" }>;

export interface Reached {
  listen: Listen;
  host: string;
  /** Decoded. */
  uri: string;
  outcome: Proxied;
}

/** What narrows the search: a host or a decoded path that the user gave. */
export interface Asked {
  host: string | null;
  uri: string | null;
  accept: string;
}

export interface ReachResult {
  /** By the block that forwards. */
  reached: Map<Directive, Reached>;
  /** By location: why its own paths came to nothing. */
  failed: Map<Directive, string>;
  /** Why the path that was asked for cannot be followed; null if it can. */
  lost: string | null;
  /** Why no request comes to this server at all; null if one does. */
  deaf: string | null;
}

export const reach = (server: Server, chooser: Chooser, ground: Ground, asked: Asked): ReachResult => {
  const result: ReachResult = { reached: new Map(), failed: new Map(), lost: null, deaf: null };
  const doors = doorsOf(server, chooser, asked.host);
  if (typeof doors === "string") return { ...result, deaf: doors };
  for (const { listen, host } of doors) {
    const captures = nameCaptures(server, host);
    const follow = (uri: string): Outcome =>
      walk(ground, { scheme: listen.tls ? "https" : "http", host, port: listen.port, uri, accept: asked.accept }, captures);
    const outcome = asked.uri === null ? null : follow(asked.uri);
    if (outcome?.kind === "unknown") result.lost ??= outcome.why;
    const here = outcome ? reachedAt(asked.uri ?? "", outcome) : reachedBy(ground.finder, follow, result.failed);
    for (const [block, found] of here) if (!result.reached.has(block)) result.reached.set(block, { listen, host, ...found });
  }
  return result;
};

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
      if (!isOwn) elsewhere ??= `what was asked for there is led to ${titleOf(outcome.block)} (line ${outcome.block.place.line})`;
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
const doorsOf = (server: Server, chooser: Chooser, asked: string | null): { listen: Listen; host: string }[] | string => {
  const certificate = asksForCertificate(server.block);
  const usable = server.listens.filter(({ reachable, proxyProtocol, tls }) => reachable && !proxyProtocol && !(tls && certificate));
  if (usable.length === 0) {
    const [listen] = server.listens;
    if (!listen) return "it listens on a socket of another kind only";
    if (listen.proxyProtocol) return `listen ${listen.given} wants the PROXY protocol, which the lab does not speak`;
    if (!listen.reachable) return `listen ${listen.given} cannot be reached from outside its container by IPv4`;
    return "it wants a certificate of its clients (ssl_verify_client on)";
  }
  const doors: { listen: Listen; host: string }[] = [];
  for (const tls of [false, true]) {
    for (const listen of usable.filter((one) => one.tls === tls)) {
      const hosts = asked === null ? hostsOf(server).slice(0, mostHosts) : [asked];
      const host = hosts.find((one) => chooser(listen, one) === server);
      if (host === undefined) continue;
      doors.push({ listen, host });
      break;
    }
  }
  return doors.length > 0 ? doors : "another server takes all requests that might come to it";
};
