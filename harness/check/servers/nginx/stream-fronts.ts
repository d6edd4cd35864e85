// Servers of `stream` that pass connections on to a listener of the same configuration, often by the name that the client asks for in TLS. Pure.
// https://nginx.org/en/docs/stream/ngx_stream_ssl_preread_module.html
import { newEffort } from "./effort.ts";
import type { Effort } from "./effort.ts";
import { expand } from "./expand.ts";
import type { Value } from "./expand.ts";
import { mapValue } from "./maps.ts";
import { childrenOf } from "./tree.ts";
import type { Directive } from "./tree.ts";

export interface Front {
  port: number;
  /** `address:port` for a client that asks for this host; null: it cannot be determined. */
  leadsTo: (host: string) => Value;
}

export const frontsOf = (roots: readonly Directive[]): Front[] => {
  const effort = newEffort();
  return childrenOf(roots)
    .filter(({ name }) => name === "stream")
    .flatMap((stream) =>
      childrenOf(stream)
        .filter(({ name }) => name === "server")
        .flatMap((server) => frontOf(stream, server, effort)),
    );
};

/** One that ends TLS itself has no clients that speak it to the listener behind. */
const frontOf = (stream: Directive, server: Directive, effort: Effort): Front[] => {
  const target = childrenOf(server).find(({ name }) => name === "proxy_pass")?.args[0];
  if (target === undefined) return [];
  const leadsTo = (host: string): Value => {
    const address = expand(target, (name) => valueOf(name, { host, stream, effort, open: [] }));
    return address === null ? null : addressOf(address, stream);
  };
  return childrenOf(server).flatMap(({ name, args: [given = "", ...options] }): Front[] => {
    const [, port] = name === "listen" ? (/^(?:(?:\*|0\.0\.0\.0):)?(\d+)$/.exec(given) ?? []) : [];
    return port === undefined || options.includes("ssl") || options.includes("udp") ? [] : [{ port: Number(port), leadsTo }];
  });
};

interface Asking {
  host: string;
  stream: Directive;
  effort: Effort;
  /** The variables whose value is being looked for: one of these has none. */
  open: readonly string[];
}

const valueOf = (name: string, asking: Asking): Value => {
  const { host, stream, effort, open } = asking;
  if (name === "ssl_preread_server_name") return host;
  const map = childrenOf(stream).find((one) => one.name === "map" && one.block !== null && one.args[1] === `$${name}`);
  if (!map || open.includes(name)) return null;
  return mapValue(map, (other) => valueOf(other, { ...asking, open: [...open, name] }), effort);
};

/** Of a group its first server. */
const addressOf = (address: string, stream: Directive): string => {
  const group = childrenOf(stream).find(({ name, args }) => name === "upstream" && args[0] === address);
  return (group ? childrenOf(group).find(({ name }) => name === "server")?.args[0] : undefined) ?? address;
};

/** Whether a connection to this address comes to a listener there. */
export const comesTo = (address: Value, listen: { address: string; port: number }): boolean => {
  const [, host = "", port] = /^(.*):(\d+)$/.exec(address ?? "") ?? [];
  const isOwn = /^(?:localhost|127(?:\.\d+){3})$/.test(host);
  return isOwn && Number(port) === listen.port && (listen.address === "*" || listen.address === host || listen.address === "localhost");
};
