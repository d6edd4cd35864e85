// A request that is being followed through a server block: where it is, and what the variables are worth there.
import type { Effort } from "./effort.ts";
import type { Captures, Finder } from "./locations.ts";
import type { Directive } from "./tree.ts";
import { expand } from "./expand.ts";
import type { Value } from "./expand.ts";
import { mapValue } from "./maps.ts";
import type { Sources } from "./possible-values.ts";
import { ownValue } from "./values.ts";
import type { Request } from "./values.ts";

export type Outcome =
  /** `block` is the one that holds `pass`; `target` its address with the variables' values, null where they cannot be told. */
  | { kind: "proxied"; block: Directive; pass: Directive; target: Value; needsPassword: Directive | null }
  | { kind: "answered"; why: string }
  /** `whatever`: of every path. */
  | { kind: "unknown"; why: string; whatever?: true };

export interface Walk {
  server: Directive;
  finder: Finder;
  sources: Sources;
  request: Request;
  uri: string;
  /** Came here by a redirect of nginx's own. */
  internal: boolean;
  handledError: boolean;
  jumps: number;
  sets: Map<string, Value>;
  captures: Captures | null;
  effort: Effort;
  /** How many maps lead to each other at the moment. */
  depth: number;
}

/** What requests are followed through. */
export interface Ground {
  server: Directive;
  finder: Finder;
  sources: Sources;
  effort: Effort;
}

const deepestMap = 20;

export const answered = (why: string): Outcome => ({ kind: "answered", why });
export const unknown = (why: string): Outcome => ({ kind: "unknown", why });
export const at = ({ name, place }: Directive): string => `${name} in line ${place.line}`;

const valueIn = (walking: Walk, name: string): Value => {
  if (/^\d$/.test(name)) return walking.captures ? (walking.captures.groups[Number(name)] ?? "") : null;
  const key = name.toLowerCase();
  if (walking.sets.has(key)) return walking.sets.get(key) ?? null;
  const map = walking.sources.maps.get(key);
  if (!map) return walking.sources.lotteries.has(key) ? null : ownValue(key, walking.request, walking.uri);
  // Maps may lead to each other without end.
  if (walking.depth === deepestMap) return null;
  walking.depth += 1;
  const value = mapValue(map, (inner) => valueIn(walking, inner), walking.effort);
  walking.depth -= 1;
  return value;
};

/** Numbered groups are those of the last pattern, named ones are variables from then on. */
export const remember = (walking: Walk, captures: Captures): void => {
  walking.captures = captures;
  for (const [name, value] of Object.entries(captures.named)) walking.sets.set(name.toLowerCase(), value);
};

export const expandIn = (walking: Walk, text: string): Value => expand(text, (name) => valueIn(walking, name));
