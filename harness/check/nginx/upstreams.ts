// Where a configuration forwards to: the names and ports that the lab has to stand for.
import type { LeftOut, Upstream } from "../configuration.ts";
import { childrenOf, everyDirective } from "./tree.ts";
import type { Directive } from "./tree.ts";
import { valuesOf } from "./possible-values.ts";
import type { Sources } from "./possible-values.ts";

/** What a proxy_pass may come to. */
export interface Targets {
  upstreams: Upstream[];
  /** What cannot be stood in for. */
  leftOut: LeftOut[];
}

export const keyOf = ({ host, port }: { host: string; port: number }): string => `${host}:${port}`;

export const upstreamBlocks = (http: Directive): Map<string, Directive> =>
  new Map(
    childrenOf(http).flatMap((child) => (child.name === "upstream" && child.block ? [[(child.args[0] ?? "").toLowerCase(), child]] : [])),
  );

const title = ({ name, args }: Directive): string => [name, ...args].join(" ");

/** All `set` directives of a server block, by the variable's name. */
export const setsOf = (server: Directive): Map<string, Directive[]> => {
  const sets = new Map<string, Directive[]>();
  const collect = (block: Directive): void => {
    for (const child of childrenOf(block)) {
      const name = (child.args[0] ?? "").replace(/^\$/, "").toLowerCase();
      if (child.name === "set") sets.set(name, [...(sets.get(name) ?? []), child]);
      if (child.block) collect(child);
    }
  };
  collect(server);
  return sets;
};

/** Everything that a proxy_pass may come to; `seen` is what it came to for a request that was followed. */
export const targetsOf = (
  pass: Directive,
  blocks: ReadonlyMap<string, Directive>,
  sources: Sources,
  sets: ReadonlyMap<string, readonly Directive[]>,
  seen: readonly string[] = [],
): Targets => {
  const [given = ""] = pass.args;
  const values = new Set([...seen, ...(valuesOf(authorityOf(given), sources, sets) ?? [])]);
  const place = pass.argPlaces[0] ?? pass.place;
  const targets: Targets = { upstreams: [], leftOut: [] };
  const leaveOut = (why: string): void => void targets.leftOut.push({ what: title(pass), why, place });
  for (const value of values) {
    const match = /^(https?):\/\/(unix:|\[[^\]]*\]|[^/:?]*)(?::(\d*))?/.exec(value);
    if (!match) {
      // An entry that only stands for "none" is no target.
      if (value !== "" || values.size === 1) leaveOut(value === "" ? "its variable is empty" : `"${value}" is no address by http or https`);
      continue;
    }
    const scheme = match[1] === "https" ? "https" : "http";
    const host = match[2] ?? "";
    if (host === "unix:") leaveOut("the lab listens on no unix socket");
    else if (host === "") continue;
    else {
      const block = match[3] ? undefined : blocks.get(host.toLowerCase());
      if (block) serversIn(block, scheme, targets);
      else targets.upstreams.push({ host, port: Number(match[3] || (scheme === "https" ? 443 : 80)), scheme, place });
    }
  }
  if (targets.upstreams.length + targets.leftOut.length === 0) leaveOut("where it leads depends on the request");
  return targets;
};

/** Without the path, which may hold what only the request knows. */
const authorityOf = (given: string): string => /^(?:https?:\/\/|\$\{?\w+\}?:\/\/)[^/]+/.exec(given)?.[0] ?? given;

const serversIn = (block: Directive, scheme: Upstream["scheme"], targets: Targets): void => {
  for (const server of childrenOf(block)) {
    if (server.name !== "server") continue;
    const [address = "", ...options] = server.args;
    const place = server.argPlaces[0] ?? server.place;
    if (address.startsWith("unix:")) targets.leftOut.push({ what: title(server), why: "the lab listens on no unix socket", place });
    else if (!options.includes("down")) targets.upstreams.push({ ...hostAndPort(address), scheme, place });
  }
};

/** Of a server in an upstream block, whose port is 80 whatever the scheme. */
const hostAndPort = (address: string, port = 80): { host: string; port: number } => {
  const match = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(address);
  return match ? { host: match[1] ?? address, port: Number(match[2] ?? port) } : { host: address, port };
};

const passes = /^(?:fastcgi|uwsgi|scgi|grpc|memcached)_pass$/;

/** Directives that forward by something else than HTTP, or are another's code. */
export const otherWays = (roots: readonly Directive[]): LeftOut[] =>
  childrenOf(roots).flatMap((directive): LeftOut[] => {
    const { name, place } = directive;
    const what = directive.block ? name : title(directive);
    if (passes.test(name)) return [{ what, why: `the lab speaks HTTP, not what ${name} speaks`, place }];
    if (name === "stream" || name === "mail") return [{ what, why: "it forwards bytes, not HTTP requests", place }];
    if (/^content_by_lua|^js_content$|^perl$/.test(name)) return [{ what, why: "its responses are made by code, not forwarded", place }];
    return directive.block ? otherWays(directive.block) : [];
  });

/** Hosts that must have an address for nginx to start, though nothing is checked there. */
export const furtherHosts = (roots: readonly Directive[]): { host: string; place: Directive["place"] }[] => {
  const all = everyDirective(roots);
  const groups = new Set(all.flatMap(({ name, args, block }) => (name === "upstream" && block ? [args[0]] : [])));
  return all.flatMap((directive) => {
    const { place } = directive;
    return namesOf(directive).flatMap((given) => {
      const { host } = hostAndPort(given.replace(/^grpcs?:\/\//, ""));
      const isGroup = directive.name.endsWith("_pass") && groups.has(host);
      return /^[a-z0-9_](?:[\w.-]*\w)?$/i.test(host) && !/^[\d.]+$/.test(host) && !isGroup ? [{ host, place }] : [];
    });
  });
};

/** Addresses, among them names that nginx asks for when it starts. */
const namesOf = (directive: Directive): string[] => {
  const { name, args, parent, block } = directive;
  const [first = ""] = args;
  if (block) return [];
  if (passes.test(name) || name === "set_real_ip_from" || (name === "server" && parent?.name === "upstream")) return [first];
  if (name === "proxy_pass" && inStream(directive)) return [first];
  if (name === "resolver") return args.filter((word) => !word.includes("="));
  const log = name.endsWith("_log") ? /^syslog:.*?server=([^,]+)/.exec(first)?.[1] : undefined;
  return log === undefined ? [] : [log];
};

const inStream = ({ parent }: Directive): boolean => parent !== null && (parent.name === "stream" || inStream(parent));
