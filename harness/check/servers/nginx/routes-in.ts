// Which routes lines at a place are in effect for. Pure.
import type { Edit, Route } from "../../configuration.ts";
import { ancestors, spotOf } from "./context.ts";
import type { Parsed } from "./context.ts";
import { everyDirective } from "./tree.ts";
import type { Directive } from "./tree.ts";

export const routesIn = (configuration: Parsed, edits: readonly Edit[]): Route[] => {
  const { all, around } = placesIn(configuration);
  const blocks = new Set(edits.flatMap((edit) => blocksAt(all, edit)));
  const inside = configuration.routes.filter((route) => around.get(route)?.some((level) => blocks.has(level)));
  if (!edits.some((edit) => isOfListener(all, edit))) return inside;
  const ports = new Set(inside.flatMap(portsOf));
  return configuration.routes.filter((route) => inside.includes(route) || portsOf(route).some((port) => ports.has(port)));
};

interface Places {
  all: readonly Directive[];
  /** The block of each route, and those around it. */
  around: ReadonlyMap<Route, Directive[]>;
}

/** Asked for every two experiments of a wave. */
const known = new WeakMap<Parsed, Places>();

const placesIn = (configuration: Parsed): Places => {
  const { routes, tree } = configuration;
  const places = known.get(configuration) ?? {
    all: everyDirective(tree.roots),
    around: new Map(
      routes.map((route) => {
        const block = spotOf(configuration, route)?.block;
        return [route, block === undefined ? [] : ancestors(block)];
      }),
    ),
  };
  known.set(configuration, places);
  return places;
};

/** The innermost ones; several where the file is included several times. */
const blocksAt = (all: readonly Directive[], { file, start, end }: Edit): Directive[] => {
  const around = all.filter(
    ({ block, bodyStart, place }) => block && place.file === file && (bodyStart ?? place.start) <= start && end <= place.end,
  );
  const innermost = around.filter((one) => !around.some((inner) => inner !== one && ancestors(inner).includes(one)));
  if (innermost.length > 0) return innermost;
  // At the top of a file that others include.
  return [...new Set(all.flatMap(({ place, parent }) => (place.file === file && parent && parent.place.file !== file ? [parent] : [])))];
};

/** What `listen` says of a socket holds for all servers that share it: https://nginx.org/en/docs/http/ngx_http_core_module.html#listen */
const isOfListener = (all: readonly Directive[], { file, start, end }: Edit): boolean =>
  all.some(({ name, place }) => name === "listen" && place.file === file && place.start <= start && end <= place.end);

const portsOf = ({ port, viaPort = port, others = [] }: Route): number[] => [port, viaPort, ...others.map((other) => other.port)];
