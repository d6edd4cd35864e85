// Where a configuration forwards to: the names and ports of the scripted upstreams.
import type { NotChecked, Upstream } from "../../configuration.ts";
import { childrenOf, everyDirective } from "./tree.ts";
import type { Directive } from "./tree.ts";
import { valuesOf } from "./possible-values.ts";
import type { Sources } from "./possible-values.ts";

/** What a proxy_pass may come to. */
export interface Targets {
  upstreams: Upstream[];
  /** What cannot be stood in for. */
  notChecked: NotChecked[];
}

export { upstreamKey as keyOf } from "../../configuration.ts";

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
  const speaks = dialectOf(pass);
  const values = new Set([...seen, ...(valuesOf(authorityOf(given), sources, sets) ?? [])].map((value) => asUrl(value, speaks)));
  const place = pass.argPlaces[0] ?? pass.place;
  const targets: Targets = { upstreams: [], notChecked: [] };
  const leaveOut = (why: string): void => void targets.notChecked.push({ what: title(pass), why, place });
  const add = (address: Pick<Upstream, "host" | "port" | "socket">, scheme: Upstream["scheme"], at: Upstream["place"]): void =>
    void targets.upstreams.push({ ...address, scheme, ...(speaks === "http" ? {} : { speaks }), place: at });
  for (const value of values) {
    const match = /^(https?):\/\/(unix:[^:]*|\[[^\]]*\]|[^/:?]*)(?::(\d*))?/.exec(value);
    if (!match) {
      // An entry that only means "none" is not a target.
      if (value !== "" || values.size === 1) leaveOut(value === "" ? "its variable is empty" : `"${value}" is no address by http or https`);
      continue;
    }
    const scheme = match[1] === "https" ? "https" : "http";
    const host = match[2] ?? "";
    if (host.startsWith("unix:")) add(socketAt(host), scheme, place);
    else if (host === "") continue;
    else {
      const block = match[3] ? undefined : blocks.get(host.toLowerCase());
      if (block) for (const { address, at } of serversIn(block)) add(address, scheme, at);
      else add({ host, port: Number(match[3] || (scheme === "https" ? 443 : 80)) }, scheme, place);
    }
  }
  if (targets.upstreams.length + targets.notChecked.length === 0) leaveOut("where it leads depends on the request");
  return targets;
};

const dialects: Record<string, NonNullable<Upstream["speaks"]>> = {
  uwsgi_pass: "uwsgi",
  fastcgi_pass: "fastcgi",
  scgi_pass: "scgi",
  grpc_pass: "grpc",
};

const dialectOf = ({ name }: Directive): NonNullable<Upstream["speaks"]> => dialects[name] ?? "http";

export const isPass = (name: string): boolean => name === "proxy_pass" || name in dialects;

/** `uwsgi://app:3031`, `grpcs://app`, `app:9000` and `unix:/run/app.sock` of other dialects, as an address by http or https. */
const asUrl = (value: string, speaks: NonNullable<Upstream["speaks"]>): string =>
  speaks === "http" ? value : `${/^(?:suwsgi|grpcs):\/\//.test(value) ? "https" : "http"}://${value.replace(/^\w+:\/\//, "")}`;

/** Without the path, which may depend on the request; a socket's own path is kept. */
const authorityOf = (given: string): string =>
  /^https?:\/\/unix:[^:$]+/.exec(given)?.[0] ?? /^(?:https?:\/\/|\$\{?\w+\}?:\/\/)[^/]+/.exec(given)?.[0] ?? given;

/** `/var/run` is a link in every image. */
const socketAt = (given: string): Pick<Upstream, "host" | "port" | "socket"> => ({
  host: given,
  port: 0,
  socket: given.slice("unix:".length).replace(/^\/var\/run(?=\/)/, "/run"),
});

export const serversIn = (block: Directive): { address: Pick<Upstream, "host" | "port" | "socket">; at: Upstream["place"] }[] =>
  childrenOf(block).flatMap((server) => {
    const [address = "", ...options] = server.args;
    if (server.name !== "server" || options.includes("down")) return [];
    return [{ address: address.startsWith("unix:") ? socketAt(address) : hostAndPort(address), at: server.argPlaces[0] ?? server.place }];
  });

/** Of a server in an upstream block, whose port is 80 whatever the scheme. */
const hostAndPort = (address: string, port = 80): { host: string; port: number } => {
  const match = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(address);
  return match ? { host: match[1] ?? address, port: Number(match[2] ?? port) } : { host: address, port };
};

const passes = /^(?:fastcgi|uwsgi|scgi|grpc|memcached)_pass$/;

/** Directives that forward by something else than HTTP, or are another's code. */
export const otherWays = (roots: readonly Directive[]): NotChecked[] =>
  childrenOf(roots).flatMap((directive): NotChecked[] => {
    const { name, place } = directive;
    const what = directive.block ? name : title(directive);
    if (name === "memcached_pass") return [{ what, why: `the lab speaks HTTP, not what ${name} speaks`, place }];
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

/** Addresses, including names that nginx resolves when it starts. */
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
