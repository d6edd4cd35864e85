// Requests that nginx sends by itself beside the client's: a question whether it may pass, a copy.
import type { Place } from "../../configuration.ts";
import { isInternal } from "./locations.ts";
import type { Finder } from "./locations.ts";
import { childrenOf } from "./tree.ts";
import type { Directive } from "./tree.ts";
import { isPass, keyOf } from "./upstreams.ts";
import type { Targets } from "./upstreams.ts";

export interface Subrequest {
  kind: "auth_request" | "mirror";
  /** Keys (`host:port`) of where it goes. */
  upstreams: string[];
  /** The requested path; null where it cannot be determined. */
  path: string | null;
  place: Place;
}

export interface Subrequests {
  /** The blocks that only they come to. */
  locations: Set<Directive>;
  requestsFor: (passTargets: ReadonlyMap<Directive, Targets>) => Subrequest[];
}

export const subrequestsOf = (server: Directive, finder: Finder): Subrequests => {
  const asking = [...(server.parent ? childrenOf(server.parent).filter(isAsking) : []), ...askingBelow(server)];
  const led = asking.flatMap((directive) => {
    const [uri = ""] = directive.args;
    const found = finder.find(uri);
    const location = found.kind === "found" ? found.location : null;
    const pass = location && childrenOf(location.block).find(({ name }) => isPass(name));
    return location && pass ? [{ directive, uri, location, pass }] : [];
  });
  return {
    locations: new Set(
      led.filter(({ uri, location }) => location.text === uri || isInternal(location.block)).map(({ location }) => location.block),
    ),
    requestsFor: (passTargets) =>
      led.map(({ directive, uri, location, pass }) => ({
        kind: directive.name === "mirror" ? "mirror" : "auth_request",
        upstreams: (passTargets.get(pass)?.upstreams ?? []).map(keyOf),
        path: pathSent(pass.args[0] ?? "", location.text, uri),
        place: directive.place,
      })),
  };
};

const isAsking = ({ name, args }: Directive): boolean => (name === "auth_request" || name === "mirror") && args[0] !== "off";

const askingBelow = (block: Directive): Directive[] =>
  childrenOf(block).flatMap((child) => (child.block ? askingBelow(child) : isAsking(child) ? [child] : []));

/** A path after the upstream's name replaces the location's. */
const pathSent = (target: string, location: string, uri: string): string | null => {
  const path = /^https?:\/\/[^/]*(\/.*)?$/s.exec(target)?.[1];
  if (path === undefined) return target.includes("$") ? null : uri;
  if (path.includes("$")) return /^\/[^$]*/.exec(path)?.[0] ?? null;
  return uri.startsWith(location) ? path + uri.slice(location.length) : path;
};
