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

/** `valuesIn`: everything that a text with variables may come to; null where one of them comes from the request. */
export const subrequestsOf = (server: Directive, finder: Finder, valuesIn: (text: string) => string[] | null): Subrequests => {
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
      led.flatMap(({ directive, uri, location, pass }) =>
        pathsSent(pass.args[0] ?? "", location.text, uri, valuesIn).map((path): Subrequest => ({
          kind: directive.name === "mirror" ? "mirror" : "auth_request",
          upstreams: (passTargets.get(pass)?.upstreams ?? []).map(keyOf),
          path,
          place: directive.place,
        })),
      ),
  };
};

const isAsking = ({ name, args }: Directive): boolean => (name === "auth_request" || name === "mirror") && args[0] !== "off";

const askingBelow = (block: Directive): Directive[] =>
  childrenOf(block).flatMap((child) => (child.block ? askingBelow(child) : isAsking(child) ? [child] : []));

const pathIn = (target: string): string | undefined => /^https?:\/\/(?:unix:[^:]*:?|[^/?]*)(\/[^?]*)?/.exec(target)?.[1];

/** A path after the upstream's name replaces the location's; where there is a variable, it replaces all of the path. */
const pathsSent = (target: string, location: string, uri: string, valuesIn: (text: string) => string[] | null): (string | null)[] => {
  const path = pathIn(target);
  if (path?.includes("$")) return [/^\/[^$]*/.exec(path)?.[0] ?? null];
  if (path !== undefined) return [uri.startsWith(location) ? path + uri.slice(location.length) : path];
  if (!target.includes("$")) return [uri];
  // Of a variable that comes from the request, the slash is all that is known.
  const paths = valuesIn(target)?.map((value) => pathIn(value) ?? uri) ?? [];
  return paths.length === 0 || paths.includes("/") ? [null] : [...new Set(paths)];
};
