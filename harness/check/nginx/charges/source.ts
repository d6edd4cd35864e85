// What answers in the application's stead from a store, or asks it more than once.
import type { Charge } from "../charge.ts";
import { tiers } from "../charge.ts";
import { isSet, valueOf } from "../scene.ts";
import type { Scene } from "../scene.ts";
import { withoutField } from "./delivery.ts";

/** Fields with which an application can keep a response out of the store. */
export const wishes = ["cache-control", "expires", "set-cookie", "x-accel-expires", "vary"];

const caching = (scene: Scene): boolean => isSet(scene, "proxy_cache");

const storesUnasked: Charge = {
  directive: "proxy_cache_valid",
  when: caching,
  // With a time alone it counts for 200, 301 and 302.
  guilty: (args) => args.length === 1 || args.slice(0, -1).some((status) => status === "200" || status === "any"),
  says: "has a stream stored that does not say how long it is fresh",
  instead: "proxy_cache_valid 599 1s;",
};

const ignoredWishes: Charge = {
  directive: "proxy_ignore_headers",
  when: caching,
  guilty: (args) => args.some((field) => wishes.includes(field.toLowerCase())),
  says: "has the stream stored against the application's wish",
  instead: (scene, line) => withoutField(scene, line, wishes),
  tier: tiers.told,
};

const stores: Charge[] = [
  storesUnasked,
  { directive: "proxy_cache", says: "answers with a stream that was made for another client", instead: "proxy_cache off;" },
  { directive: "proxy_store", says: "keeps the stream as a file", instead: "proxy_store off;" },
];

const wideKey: Charge = {
  directive: "proxy_cache_key",
  when: caching,
  guilty: (args) => !args.some((argument) => /\$(?:\{?request_uri|\{?(?:query_)?args?|\{?query_string|\{?arg_)/.test(argument)),
  says: "takes requests with different queries for the same",
  instead: "proxy_cache_key $scheme$proxy_host$request_uri;",
};

const lock: Charge = {
  directive: "proxy_cache_lock",
  when: caching,
  guilty: ([value]) => value === "on",
  says: "has a client wait for another one's stream and share it",
  instead: "proxy_cache_lock off;",
};

const staleness: Charge[] = [
  {
    directive: "proxy_cache_background_update",
    when: caching,
    says: "answers with an old stream while a new one is fetched",
    instead: "proxy_cache_background_update off;",
  },
  {
    directive: "proxy_cache_use_stale",
    when: caching,
    says: "answers with a stream past its freshness",
    instead: "proxy_cache_use_stale off;",
  },
];

const revalidation: Charge = {
  directive: "proxy_cache_revalidate",
  when: caching,
  says: "asks whether a stored stream may be used again",
  instead: "proxy_cache_revalidate off;",
};

const methods: Charge = {
  directive: "proxy_cache_methods",
  when: caching,
  guilty: (args) => args.some((method) => method.toUpperCase() === "POST"),
  says: "has answers to POST stored",
  instead: "proxy_cache_methods GET HEAD;",
};

export const cached: Charge[] = [ignoredWishes, methods, ...stores, wideKey, lock, ...staleness];
export const collapsed: Charge[] = [lock, ...cached];
export const stale: Charge[] = [...staleness, ...cached];
export const revalidated: Charge[] = [revalidation, ...cached];

const says = "asks the application again for the same request";

export const asked: Charge[] = [
  { directive: "proxy_next_upstream", says: `${says} when it fails or is slow`, instead: "proxy_next_upstream off;", tier: tiers.told },
  { directive: "mirror", says: "sends a copy of the request", instead: "mirror off;" },
  { directive: "auth_request", says: "asks for leave with a request of its own", instead: "auth_request off;" },
  { directive: "slice", says: "asks for the response in pieces", instead: "slice 0;" },
  { directive: "add_before_body", says: "fetches another body with a request of its own", instead: 'add_before_body "";' },
  { directive: "add_after_body", says: "fetches another body with a request of its own", instead: 'add_after_body "";' },
  { directive: "post_action", says: "asks once more behind the end" },
  { directive: "ssi", says: "fetches what the body includes", instead: "ssi off;" },
  ...staleness,
  { directive: "error_page", says: "asks for another answer in the place of an error" },
  {
    lacks: "proxy_next_upstream",
    when: (scene) => valueOf(scene, "proxy_next_upstream") === null,
    says: "is not set: nginx asks the next server of the upstream when one fails or is slow",
    instead: "proxy_next_upstream off;",
    tier: tiers.told,
  },
  {
    directive: "proxy_read_timeout",
    says: "is so short that a slow answer is asked for again",
    instead: "proxy_read_timeout 24h;",
  },
];
