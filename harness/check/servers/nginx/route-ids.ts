// Routes with ids that are unique, short and stable.
import type { Listener, PortForward, Route } from "../../configuration.ts";
import { encodePath } from "./candidates.ts";
import { portForwardTo } from "./port-forwards.ts";
import { titleOf } from "./forwarding.ts";
import type { Reached } from "./reach.ts";
import { clientPortOf, madeUpHost, speaksHttp2, speaksHttp3 } from "./servers.ts";
import type { Listen, Server } from "./servers.ts";
import type { Directive } from "./tree.ts";

export interface FoundRoute {
  server: Server;
  block: Directive;
  by: Reached;
  /** Keys of what it may forward to. */
  upstreams: string[];
}

/** Two of the same id get their line after it, and what is still the same a number. */
export const withIds = (
  found: readonly FoundRoute[],
  path: string | undefined,
  portForwards: readonly PortForward[] = [],
): { route: Route; by: Reached }[] => {
  const idOf = ({ by: { host, listen, uri } }: FoundRoute): string =>
    `${host === madeUpHost ? `:${clientPortOf(listen)}` : host}${encodePath(uri)}`;
  const withLine = (one: FoundRoute): string => `${idOf(one)}:${one.block.place.line}`;
  const sharing = Map.groupBy(found, idOf);
  const used = new Map<string, number>();
  return found.map((one) => {
    const base = (sharing.get(idOf(one))?.length ?? 0) > 1 ? withLine(one) : idOf(one);
    const times = (used.get(base) ?? 0) + 1;
    used.set(base, times);
    const route = routeOf(one, times > 1 ? `${base}:${times}` : base, path);
    const others = one.by.others.map((listen) => listenerOf(one.server, listen, portForwards));
    const listener = listenerOf(one.server, one.by.listen, portForwards);
    return { route: { ...route, ...listener, ...(others.length > 0 ? { others } : {}) }, by: one.by };
  });
};

const listenerOf = (server: Server, listen: Listen, portForwards: readonly PortForward[]): Listener => {
  const { tls } = listen;
  const port = clientPortOf(listen);
  const viaPort = portForwardTo(portForwards, listen);
  const isThere = viaPort === port;
  return {
    port,
    tls,
    http2: speaksHttp2(server, listen),
    // A port forward carries TCP only.
    ...(isThere && speaksHttp3(server, listen) ? { http3: true as const } : {}),
    ...(isThere ? {} : { viaPort }),
  };
};

const routeOf = (
  { server, block, by: { listen, host, uri, outcome }, upstreams }: FoundRoute,
  id: string,
  path: string | undefined,
): Route => ({
  id,
  place: block.place,
  title: titleOf(block),
  port: clientPortOf(listen),
  tls: listen.tls,
  http2: speaksHttp2(server, listen),
  host,
  path: outcome.by.uri === undefined ? (path ?? encodePath(uri)) : encodePath(outcome.by.uri) + queryIn(path),
  upstreams: [...new Set(upstreams)],
});

const queryIn = (path = ""): string => /\?.*$/s.exec(path)?.[0] ?? "";
