// Routes with ids that are unique, short and stable.
import type { Door, Route } from "../configuration.ts";
import { encodePath } from "./candidates.ts";
import { doorTo } from "./doors.ts";
import { titleOf } from "./forwarding.ts";
import type { Reached } from "./reach.ts";
import { madeUpHost, speaksHttp2 } from "./servers.ts";
import type { Server } from "./servers.ts";
import type { Directive } from "./tree.ts";

export interface FoundRoute {
  server: Server;
  block: Directive;
  by: Reached;
  /** Keys of what it may forward to. */
  upstreams: string[];
}

/** Two of the same id get their line behind it, and what is still the same a number. */
export const withIds = (
  found: readonly FoundRoute[],
  path: string | undefined,
  doors: readonly Door[] = [],
): { route: Route; by: Reached }[] => {
  const idOf = ({ by: { host, listen, uri } }: FoundRoute): string => `${host === madeUpHost ? `:${listen.port}` : host}${encodePath(uri)}`;
  const withLine = (one: FoundRoute): string => `${idOf(one)}:${one.block.place.line}`;
  const sharing = Map.groupBy(found, idOf);
  const used = new Map<string, number>();
  return found.map((one) => {
    const base = (sharing.get(idOf(one))?.length ?? 0) > 1 ? withLine(one) : idOf(one);
    const times = (used.get(base) ?? 0) + 1;
    used.set(base, times);
    const route = routeOf(one, times > 1 ? `${base}:${times}` : base, path);
    const door = doorTo(doors, one.by.listen);
    return { route: door === route.port ? route : { ...route, door }, by: one.by };
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
