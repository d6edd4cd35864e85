// What is in effect for one route of an nginx configuration, and what was seen there: the input of suspects and fixes. Pure.
import type { Deployment, Route, Symptom } from "../../configuration.ts";
import type { EndingCause } from "../../../model/verdict.ts";
import { satisfies } from "../../../catalog/versions.ts";
import { localName } from "./dialects.ts";
import type { Masks } from "./masking.ts";
import { childrenOf, everyDirective, lookupAll } from "./tree.ts";
import type { Directive, Tree } from "./tree.ts";

/** A configuration as nginx's knowledge sees it. */
export interface Parsed extends Deployment {
  routes: readonly Route[];
  tree: Tree;
  /** What really runs, e.g. `nginx/1.26.3`; unknown before it was started. */
  version?: string;
  /** What templates were filled in with. */
  variables: Record<string, string>;
  /** Lines of the files that nginx does not get. */
  masks?: Masks;
  /** Lines ahead of the main file's first one, in the same row. */
  loads?: readonly string[];
}

/** A route in its configuration. */
export interface Spot {
  configuration: Parsed;
  route: Route;
  /** The block that proxies: a location, a server, an `if` in a location. */
  block: Directive;
  /** Where lines for this route belong: the nearest location or server. */
  home: Directive;
}

export interface Context extends Spot {
  symptom: Symptom;
}

export const spotOf = (configuration: Parsed, route: Route): Spot | null => {
  const block = findBlock(configuration.tree.roots, route);
  return block && { configuration, route, block, home: homeOf(block) };
};

export const contextOf = (configuration: Parsed, route: Route, symptom: Symptom): Context | null => {
  const spot = spotOf(configuration, route);
  return spot && { ...spot, symptom };
};

/** A file that is included two times has its blocks at the same place two times: the route's own server decides. */
const findBlock = (roots: Directive[], { place, host, port }: Route): Directive | null => {
  const found = everyDirective(roots).filter(
    (block) => block.place.file === place.file && block.place.start === place.start && block.place.end === place.end,
  );
  const score = (block: Directive): number => {
    const server = ancestors(block).find(({ name }) => name === "server");
    const lines = server ? childrenOf(server) : [];
    const named = lines.some(({ name, args }) => name === "server_name" && args.includes(host));
    const listening = lines.some(({ name, args }) => name === "listen" && args[0]?.match(/(\d+)$/)?.[1] === String(port));
    return Number(named) * 2 + Number(listening);
  };
  return found.toSorted((a, b) => score(b) - score(a))[0] ?? null;
};

/** Itself first. */
export const ancestors = (directive: Directive): Directive[] => {
  const chain = [];
  for (let level: Directive | null = directive; level; level = level.parent) chain.push(level);
  return chain;
};

const homes = new Set(["location", "server"]);

const homeOf = (block: Directive): Directive => ancestors(block).find(({ name }) => homes.has(name)) ?? block;

/** The lines of this name that are in effect for the route; top-level lines are in effect for all. */
export const linesOf = (spot: Spot, given: string): Directive[] => {
  const { block, configuration } = spot;
  const name = localName(spot, given);
  if (name === null) return [];
  const inherited = lookupAll(block, name);
  return inherited.length > 0 ? inherited : childrenOf(configuration.tree.roots).filter((child) => child.name === name);
};

export const lineOf = (spot: Spot, name: string): Directive | null => linesOf(spot, name)[0] ?? null;

/** Its first argument, or null where it is not set. */
export const valueOf = (spot: Spot, name: string): string | null => lineOf(spot, name)?.args[0] ?? null;

export const isOn = (spot: Spot, name: string): boolean => valueOf(spot, name) === "on";

/** Whether responses are buffered, unless the application asks for no buffering. */
export const isBuffered = (spot: Spot): boolean =>
  localName(spot, "proxy_buffering") !== null && valueOf(spot, "proxy_buffering") !== "off";

/** Set to something that is not `off`. */
export const isSet = (spot: Spot, name: string): boolean => (valueOf(spot, name) ?? "off") !== "off";

/** The lines of this name in the route's own block. */
export const ownLines = (spot: Spot, given: string): Directive[] => {
  const name = localName(spot, given);
  return [...new Set([spot.block, spot.home])].flatMap((level) => childrenOf(level).filter((child) => child.name === name));
};

/** Whether a line is in a file of the user, so that it can be blamed and changed. */
export const isOfUser = ({ configuration }: Spot, { place }: Directive): boolean =>
  configuration.files.some(({ path, text }) => path === place.file && text !== null);

/** Whether lines of its name further out would count if it were not there. */
export const hidesOthers = ({ name, parent }: Directive): boolean => Boolean(parent?.parent && lookupAll(parent.parent, name).length > 0);

export const depthOf = (directive: Directive): number => ancestors(directive).length;

/** `1.26.3` of `nginx/1.26.3`; null while unknown. */
export const versionOf = ({ configuration }: Spot): string | null => configuration.version?.match(/\d+(?:\.\d+)+/)?.[0] ?? null;

/** With its patch: an image's tag often leaves that open. */
export const isVersionKnown = (spot: Spot): boolean => /^\d+\.\d+\.\d+/.test(versionOf(spot) ?? "");

/** From here on HTTP/1.1 to the upstream is the default. */
export const http11Since = "1.29.7";

/** What it speaks to the upstream: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_http_version */
export const speaksHttp10 = (spot: Spot): boolean => {
  if (localName(spot, "proxy_http_version") === null) return false;
  const version = versionOf(spot);
  return (valueOf(spot, "proxy_http_version") ?? (version && satisfies(version, `>=${http11Since}`) ? "1.1" : "1.0")) === "1.0";
};

/** Null where it is no facet that is wrong. */
export const memberOf = (symptom: Symptom): string | null => ("facet" in symptom ? symptom.member : null);

/** Of an ending; null of everything else. */
export const causeOf = (symptom: Symptom): EndingCause | null => ("cause" in symptom ? symptom.cause : null);

/** Of a timeout; null of everything else. */
export const limitOf = (symptom: Symptom): number | null => ("limitMs" in symptom ? symptom.limitMs : null);

/** How many milliseconds that may be off by. */
export const uncertaintyOf = (symptom: Symptom): number => ("limitMs" in symptom ? (symptom.uncertaintyMs ?? 0) : 0);

/** What the types of gzip and its like are compared with: nginx cuts off a charset, and nothing else. */
export const mediaTypeOf = ({ contentType }: Symptom): string => contentType.toLowerCase().replace(/; *charset=.*$/, "");

export const accepts = ({ acceptEncoding }: Symptom, coding: string): boolean =>
  (acceptEncoding ?? "").split(",").some((entry) => {
    const [name, ...parameters] = entry.split(";").map((part) => part.trim().toLowerCase());
    return (name === coding || name === "*") && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  });

/** A directive with a list of types (text/html is always of them) and where the symptom's type stands in it. */
export const typeIn = (context: Context, name: string): { line: Directive; argument: number } | "always" | null => {
  const wanted = mediaTypeOf(context.symptom);
  for (const line of linesOf(context, name)) {
    const exact = line.args.findIndex((type) => type.toLowerCase() === wanted);
    const argument = exact < 0 ? line.args.indexOf("*") : exact;
    if (argument >= 0) return { line, argument };
  }
  return wanted === "text/html" ? "always" : null;
};

const units: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  M: 2_592_000_000,
  y: 31_536_000_000,
};

/** nginx's times: `60`, `60s`, `1m30s`, `500ms`; null of anything else. */
export const millisecondsOf = (time: string): number | null => {
  if (!/^(?:\d+(?:ms|[smhdwMy])?)(?:\s*\d+(?:ms|[smhdwMy])?)*$/.test(time)) return null;
  return [...time.matchAll(/(\d+)(ms|[smhdwMy])?/g)].reduce((sum, [, number, unit]) => sum + Number(number) * (units[unit ?? "s"] ?? 0), 0);
};
