// The server blocks of a tree: where they listen, for which names, and which of them a request comes to.
import { isIPv4 } from "node:net";
import { patternOf } from "./patterns.ts";
import { nearestOf } from "./levels.ts";
import { comesTo, frontsOf } from "./stream-fronts.ts";
import type { Front } from "./stream-fronts.ts";
import { childrenOf } from "./tree.ts";
import type { Directive } from "./tree.ts";
import { usualHost } from "../../../model/usual-host.ts";

export interface Listen {
  place: Directive["place"];
  /** As it stands there, e.g. `127.0.0.1:8080`. */
  given: string;
  /** `*`, an address, or a name. */
  address: string;
  port: number;
  tls: boolean;
  http2: boolean;
  isDefault: boolean;
  /** It wants the PROXY protocol's line first. */
  proxyProtocol: boolean;
  /** From another container, by IPv4. */
  reachable: boolean;
  /** A server of `stream` through which clients come to it, where they do not come otherwise. */
  front?: Front;
}

/** The port that clients connect to. */
export const clientPortOf = ({ front, port }: Listen): number => front?.port ?? port;

export interface Server {
  block: Directive;
  listens: Listen[];
  /** Sockets, to which no request is sent, and QUIC. */
  otherListens: Directive[];
  /** Where it listens by QUIC, over UDP. */
  quic: Pick<Listen, "port" | "reachable">[];
  names: string[];
}

/** Servers on the same one share it. */
export const socketKey = ({ address, port }: Listen): string => `${address}:${port}`;

export const serversOf = (roots: readonly Directive[]): Server[] => {
  const servers = childrenOf(roots)
    .filter(({ name }) => name === "http")
    .flatMap((http) => childrenOf(http).filter(({ name, block }) => name === "server" && block !== null))
    .map(serverOf);
  // `ssl` and `http2` are of the socket, which all servers on it share.
  for (const sharing of Map.groupBy(
    servers.flatMap(({ listens }) => listens),
    socketKey,
  ).values()) {
    const tls = sharing.some((listen) => listen.tls);
    const http2 = sharing.some((listen) => listen.http2);
    const proxyProtocol = sharing.some((listen) => listen.proxyProtocol);
    for (const listen of sharing) Object.assign(listen, { tls, http2, proxyProtocol });
  }
  withFronts(servers, frontsOf(roots));
  return servers;
};

/** In place. */
const withFronts = (servers: readonly Server[], fronts: readonly Front[]): void => {
  if (fronts.length === 0) return;
  for (const server of servers)
    for (const listen of server.listens) {
      if (!listen.tls || (listen.reachable && !listen.proxyProtocol)) continue;
      const front = fronts.find(({ leadsTo }) => hostsOf(server).some((host) => comesTo(leadsTo(host), listen)));
      if (front) listen.front = front;
    }
};

const serverOf = (block: Directive): Server => {
  const listens: Listen[] = [];
  const otherListens: Directive[] = [];
  const directives = childrenOf(block).filter(({ name }) => name === "listen");
  for (const directive of directives) {
    const found = listensOf(directive, block);
    if (found.length === 0) otherListens.push(directive);
    listens.push(...found);
  }
  if (directives.length === 0) listens.push({ ...plain, place: block.place, given: "80", address: "*", port: 80, reachable: true });
  const names = childrenOf(block).flatMap(({ name, args }) => (name === "server_name" ? args : []));
  const quic = otherListens.flatMap((directive) => (directive.args.includes("quic") ? socketsOf(directive, block) : []));
  return { block, listens, otherListens, quic, names: names.length > 0 ? names : [""] };
};

const plain = { tls: false, http2: false, isDefault: false, proxyProtocol: false };

const mostPorts = 100;

/** An address of the deployment's own, which the container can have. */
const isOutside = (address: string): boolean => isIPv4(address) && !/^(?:127|0|22[4-9]|2[3-5]\d)\./.test(address);

/** None for a socket of another kind. */
const listensOf = (directive: Directive, server: Directive): Listen[] =>
  directive.args.includes("quic") ? [] : socketsOf(directive, server);

/** Several for a range of ports. */
const socketsOf = ({ args, place }: Directive, server: Directive): Listen[] => {
  const [given = "", ...options] = args;
  if (given.startsWith("unix:")) return [];
  const match = /^(?:(\[[^\]]*\]|[^:]*):)?(\d+)(?:-(\d+))?$/.exec(given);
  const address = match ? (match[1] ?? "*") : given;
  const first = Number(match?.[2] ?? 80);
  const last = Math.min(Number(match?.[3] ?? first), first + mostPorts);
  const isTls = options.includes("ssl") || nearestOf(server, "ssl")[0]?.args[0] === "on";
  const any = /^(?:\*|0\.0\.0\.0|)$/.test(address);
  const ports = Array.from({ length: Math.max(1, last - first + 1) }, (_, index) => first + index);
  return ports.map((port) => ({
    place,
    given,
    address: any ? "*" : address,
    port,
    tls: isTls,
    http2: options.includes("http2"),
    isDefault: options.includes("default_server") || options.includes("default"),
    proxyProtocol: options.includes("proxy_protocol"),
    reachable: any || isOutside(address) || (/^\[:*\]$/.test(address) && options.includes("ipv6only=off")),
  }));
};

/** `http2 on` is of the server and, unlike the word after `listen`, keeps HTTP/1.1 on a plain listener. */
export const speaksHttp2 = (server: Server, listen: Listen): boolean =>
  listen.http2 || (listen.tls && nearestOf(server.block, "http2")[0]?.args[0] === "on");

/** By `listen … quic` on the port of a listener with TLS: https://nginx.org/en/docs/http/ngx_http_v3_module.html#http3
 *  QUIC needs TLS 1.3 (RFC 9001 §4.2). */
export const speaksHttp3 = (server: Server, { tls, port }: Listen): boolean =>
  tls &&
  server.quic.some((one) => one.port === port && one.reachable) &&
  nearestOf(server.block, "http3")[0]?.args[0] !== "off" &&
  (nearestOf(server.block, "ssl_protocols")[0]?.args.includes("TLSv1.3") ?? true);

/** The host of requests to a server without a name. */
export const madeUpHost = usualHost;

const isHost = (text: string): boolean => /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/i.test(text);

/** Hosts that may reach this server; the first that does is the best. */
export const hostsOf = ({ names }: Server): string[] => {
  const plainNames = names.filter((name) => name !== "_" && isHost(name));
  const others = names.flatMap((name) => {
    if (name.startsWith("~")) return patternOf(name.slice(1), true)?.samples() ?? [];
    if (name.startsWith("*.")) return [`a${name.slice(1)}`];
    if (name.startsWith(".")) return [name.slice(1)];
    return name.endsWith(".*") ? [name.replace(/\*$/, "example"), name.replace(/\*$/, "test")] : [];
  });
  return [...plainNames, ...others.filter(isHost), madeUpHost, ...names.filter((name) => name === "_")];
};
