// A request that is followed through a server block: where it is, and the values of variables there.
import type { Effort } from "./effort.ts";
import { noFields } from "./fields.ts";
import type { Fields } from "./fields.ts";
import type { Captures, Finder } from "./locations.ts";
import type { Directive } from "./tree.ts";
import { expand } from "./expand.ts";
import type { Value } from "./expand.ts";
import { mapValue } from "./maps.ts";
import type { Sources } from "./possible-values.ts";
import { invalidReferer } from "./referers.ts";
import { linkIn } from "./secure-links.ts";
import type { SignedBy, UnsignedLink } from "./secure-links.ts";
import { ownValue } from "./values.ts";
import type { Request } from "./values.ts";

export type Outcome =
  /** `block` is the one that holds `pass`; `target` its address with the variables' values, null where they cannot be determined. */
  | { kind: "proxied"; block: Directive; pass: Directive; target: Value; needsPassword: Directive | null; by: Passage }
  /** `guard`: an `if` that turns requests away, by what they carry. `by`: the location or server that has it. */
  | { kind: "answered"; why: string; guard?: Directive; by?: Directive; link?: UnsignedLink }
  /** `whatever`: of every path. */
  | { kind: "unknown"; why: string; whatever?: true; guard?: Directive; link?: UnsignedLink };

/** How a request gets there: what it has to carry, and the guards that it would not get past. */
export interface Passage {
  fields: Fields;
  without: ReadonlySet<Directive>;
  /** The path that it has to request, decoded, where it is not the one that was followed. */
  uri?: string;
  signed?: SignedBy;
}

export interface Walk {
  server: Directive;
  finder: Finder;
  sources: Sources;
  /** By lower-case name: all `set`s of the server. */
  setsOfServer: ReadonlyMap<string, readonly Directive[]>;
  /** Guards that the check goes without. */
  without: ReadonlySet<Directive>;
  /** Where it is now. */
  block: Directive;
  request: Request;
  uri: string;
  /** Came here by a redirect of nginx's own. */
  internal: boolean;
  handledError: boolean;
  jumps: number;
  /** What was asked for last. */
  link: UnsignedLink | null;
  sets: Map<string, Value>;
  captures: Captures | null;
  effort: Effort;
  /** How many maps are being resolved within each other. */
  depth: number;
}

/** What requests are followed through. */
export interface Surroundings {
  server: Directive;
  finder: Finder;
  sources: Sources;
  effort: Effort;
  setsOfServer: ReadonlyMap<string, readonly Directive[]>;
  without: ReadonlySet<Directive>;
  /** Requests come from another server, which makes their targets. */
  isInner: boolean;
}

const deepestMap = 20;

export const answered = (why: string): Outcome => ({ kind: "answered", why });
export const unknown = (why: string): Outcome => ({ kind: "unknown", why });
export const at = ({ name, place }: Directive): string => `${name} in line ${place.line}`;

const valueIn = (walking: Walk, name: string): Value => {
  if (/^\d$/.test(name)) return walking.captures ? (walking.captures.groups[Number(name)] ?? "") : null;
  const key = name.toLowerCase();
  if (walking.sets.has(key)) return walking.sets.get(key) ?? null;
  if (key === "invalid_referer")
    return invalidReferer(walking.block, walking.server, ownValue("http_referer", walking.request, walking.uri) ?? "");
  if (key === "secure_link" || key === "secure_link_expires") return ofLink(walking, key);
  const map = walking.sources.maps.get(key);
  if (!map) return walking.sources.lotteries.has(key) ? null : ownValue(key, walking.request, walking.uri);
  // Maps may refer to each other in circles.
  if (walking.depth === deepestMap) return null;
  walking.depth += 1;
  const value = mapValue(map, (inner) => valueIn(walking, inner), walking.effort);
  walking.depth -= 1;
  return value;
};

const ofLink = (walking: Walk, key: "secure_link" | "secure_link_expires"): Value => {
  const { uri, fields = noFields } = walking.request;
  const link = linkIn(walking.block, { uri, fields }, (name) => valueIn(walking, name));
  if (key === "secure_link") walking.link = link?.unsigned ?? null;
  if (!link) return "";
  return key === "secure_link" ? link.value : link.expires;
};

/** Numbered groups are those of the last pattern, named ones are variables from then on. */
export const remember = (walking: Walk, captures: Captures): void => {
  walking.captures = captures;
  for (const [name, value] of Object.entries(captures.named)) walking.sets.set(name.toLowerCase(), value);
};

export const expandIn = (walking: Walk, text: string): Value => expand(text, (name) => valueIn(walking, name));
