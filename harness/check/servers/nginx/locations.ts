// Which location serves a path: exact, longest prefix, `^~`, patterns in their order, as ngx_http_core_find_location does it.
import { spend } from "./effort.ts";
import type { Effort } from "./effort.ts";
import { patternOf } from "./patterns.ts";
import type { Pattern } from "./patterns.ts";
import { childrenOf, find } from "./tree.ts";
import type { Directive } from "./tree.ts";

export interface Location {
  block: Directive;
  modifier: "" | "=" | "^~" | "~" | "~*" | "@";
  /** A path, a pattern, or a name with its `@`. */
  text: string;
  pattern: Pattern | null;
}

/** Captures of the pattern that matched. */
export interface Captures {
  groups: string[];
  named: Record<string, string>;
}

const locationOf = (block: Directive): Location => {
  const [first = "", second] = block.args;
  // There may be no space between the modifier and the path.
  const glued = second === undefined ? (/^(=|\^~|~\*|~)/.exec(first)?.[0] ?? "") : first;
  const text = second ?? first.slice(glued.length);
  if (glued === "" && text.startsWith("@")) return { block, modifier: "@", text, pattern: null };
  if (glued === "~" || glued === "~*") return { block, modifier: glued, text, pattern: patternOf(text, glued === "~*") };
  return { block, modifier: glued === "=" || glued === "^~" ? glued : "", text, pattern: null };
};

interface Level {
  exact: Map<string, Location>;
  prefixes: Map<string, Location>;
  /** Those that forward and end with a slash also serve the path without it, by a redirect. */
  redirecting: Map<string, Location>;
  longest: number;
  patterns: Location[];
}

export type Found =
  | { kind: "found"; location: Location | null; captures: Captures | null }
  /** To the same path with a slash after it. */
  | { kind: "redirected"; location: Location }
  | { kind: "unknown"; location: Location };

export interface Finder {
  /** Null: no location serves it, and the server block's own directives do. */
  find: (uri: string) => Found;
  named: (name: string) => Location | null;
  /** All of the server, nested ones included. */
  all: Location[];
}

export const finderOf = (server: Directive, effort: Effort): Finder => {
  const all = locationsBelow(server);
  const byBlock = new Map(all.map((location) => [location.block, location]));
  const levels = new Map<Directive, Level>();
  const levelOf = (block: Directive): Level => {
    const level = levels.get(block) ?? makeLevel(childrenOf(block).flatMap((child) => byBlock.get(child) ?? []));
    levels.set(block, level);
    return level;
  };
  const search = (block: Directive, uri: string, outer: Location | null): Found & { final?: boolean } => {
    const level = levelOf(block);
    const exact = level.exact.get(uri);
    if (exact) return { kind: "found", location: exact, captures: null, final: true };
    const withSlash = level.prefixes.has(uri) ? undefined : level.redirecting.get(`${uri}/`);
    if (withSlash) return { kind: "redirected", location: withSlash };
    let best = outer;
    let prefix: Location | undefined;
    for (let length = Math.min(uri.length, level.longest); length >= 0 && !prefix; length -= 1)
      prefix = level.prefixes.get(uri.slice(0, length));
    if (prefix) {
      const nested = search(prefix.block, uri, prefix);
      if (nested.kind !== "found" || nested.final) return nested;
      best = nested.location;
    }
    if (!prefix || prefix.modifier !== "^~")
      for (const location of level.patterns) {
        const match = spend(effort) ? location.pattern?.match(uri) : undefined;
        if (match === undefined) return { kind: "unknown", location };
        if (!match) continue;
        const nested = search(location.block, uri, location);
        return nested.kind !== "found" ? nested : { ...nested, captures: nested.captures ?? match, final: true };
      }
    return { kind: "found", location: best, captures: null };
  };

  return {
    find: (uri) => search(server, uri, null),
    named: (name) => all.find(({ modifier, text }) => modifier === "@" && text === name) ?? null,
    all,
  };
};

/** Only a redirect of nginx's own comes there; what is within has it too. */
export const isInternal = (block: Directive): boolean =>
  find(block, "internal") !== null || (block.parent !== null && isInternal(block.parent));

const locationsBelow = (block: Directive): Location[] =>
  childrenOf(block).flatMap((child) => (child.name === "location" && child.block ? [locationOf(child), ...locationsBelow(child)] : []));

const isRedirecting = ({ modifier, text, block }: Location): boolean =>
  ["", "=", "^~"].includes(modifier) &&
  text.endsWith("/") &&
  childrenOf(block).some(({ name }) => /^(?:proxy|fastcgi|uwsgi|scgi|grpc|memcached)_pass$/.test(name));

const makeLevel = (locations: readonly Location[]): Level => {
  const prefixes = locations.filter(({ modifier }) => modifier === "" || modifier === "^~");
  return {
    exact: new Map(locations.filter(({ modifier }) => modifier === "=").map((location) => [location.text, location])),
    prefixes: new Map(prefixes.map((location) => [location.text, location])),
    redirecting: new Map(locations.filter(isRedirecting).map((location) => [location.text, location])),
    longest: prefixes.reduce((longest, { text }) => Math.max(longest, text.length), 0),
    patterns: locations.filter(({ modifier }) => modifier === "~" || modifier === "~*"),
  };
};
