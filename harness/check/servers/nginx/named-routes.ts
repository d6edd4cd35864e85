// The routes of the paths that the user named, and all others.
import type { Route } from "../../configuration.ts";
import type { NamedPath } from "../../server.ts";
import type { Choice } from "./choice.ts";
import { findRoutes } from "./routes.ts";
import type { RouteMap } from "./routes.ts";
import type { Directive } from "./tree.ts";
import { keyOf } from "./upstreams.ts";

export interface Wanted extends Choice {
  named?: readonly NamedPath[] | undefined;
}

/** A single path that is asked for is named, too. `without`: rules that the check goes without. */
export const findAllRoutes = (
  roots: readonly Directive[],
  { named = [], ...choice }: Wanted,
  without: ReadonlySet<Directive> = new Set(),
): RouteMap => {
  if (choice.path !== undefined) return markedWith(findRoutes(roots, choice, without), 0);
  if (named.length === 0) return findRoutes(roots, choice, without);
  const maps = named.map(({ path, host = choice.host, accept = choice.accept, method = choice.method }, index) =>
    markedWith(findRoutes(roots, { ...choice, path, host, accept, method }, without), index),
  );
  return maps.reduceRight(joined, withoutServed(findRoutes(roots, choice, without), maps));
};

const markedWith = (map: RouteMap, named: number): RouteMap => ({ ...map, routes: map.routes.map((route) => ({ ...route, named })) });

const spotOf = ({ place, port, tls, host }: Route): string => JSON.stringify([place.file, place.start, port, tls, host]);

/** Without the routes of blocks that a named path leads to. */
const withoutServed = (map: RouteMap, maps: readonly RouteMap[]): RouteMap => {
  const served = new Set(maps.flatMap(({ routes }) => routes.map(spotOf)));
  return { ...map, routes: map.routes.filter((route) => !served.has(spotOf(route))) };
};

/** The named ones come first. */
const joined = (all: RouteMap, named: RouteMap): RouteMap => {
  const taken = new Set(all.routes.map(({ id }) => id));
  const renamed = new Map(named.routes.map(({ id, place }) => [id, taken.has(id) ? `${id}:${place.line}` : id]));
  const idOf = (id: string): string => renamed.get(id) ?? id;
  const upstreams = new Map([...all.upstreams, ...named.upstreams].map((one) => [keyOf(one), one]));
  return {
    ...all,
    routes: [...named.routes.map((route) => ({ ...route, id: idOf(route.id) })), ...all.routes],
    upstreams: [...upstreams.values()],
    ports: [...new Set([...all.ports, ...named.ports])].toSorted((a, b) => a - b),
    notChecked: [...all.notChecked, ...named.notChecked],
    passages: [...named.passages.map((one) => ({ ...one, route: idOf(one.route) })), ...all.passages],
    signatures: [...named.signatures, ...all.signatures],
    guards: [...new Set([...named.guards, ...all.guards])],
    requestHeaders: {
      ...all.requestHeaders,
      ...Object.fromEntries(Object.entries(named.requestHeaders).map(([id, fields]) => [idOf(id), fields])),
    },
  };
};
