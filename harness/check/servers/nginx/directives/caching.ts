// Caches and files that nginx makes of responses.
import type { ApplicationFix } from "../../../configuration.ts";
import { off, undo } from "../changes.ts";
import { linesOf, valueOf, isOn, isBuffered, isSet, ownLines, hidesOthers, memberOf } from "../context.ts";
import type { Context, Spot } from "../context.ts";
import { docs } from "../docs.ts";
import { withoutField } from "../ignored-fields.ts";
import { tiers } from "../rules.ts";
import type { Family, FixRule, SuspectRule } from "../rules.ts";
import { effect } from "../words.ts";

/** Fields with which an application can keep a response out of the cache. */
const cachingFields = ["cache-control", "expires", "set-cookie", "x-accel-expires", "vary"];

const noStore = "keep nginx from caching the response";

const isCaching = (spot: Spot): boolean => isSet(spot, "proxy_cache");

/** Of proxy_cache_valid: with a time alone it counts for 200, 301 and 302. */
const countsForSuccess = (args: readonly string[]): boolean =>
  args.length === 1 || args.slice(0, -1).some((status) => status === "200" || status === "any");

/** A value that no request changes. */
const isAlways = (value: string): boolean => value !== "" && value !== "0" && !value.includes("$");

/** Measured: what is not buffered is not stored, and neither is a response that is fresh by no line and by no field of its own. */
const isStored = (context: Context): boolean =>
  isBuffered(context) &&
  isOfCachedMethod(context) &&
  linesOf(context, "proxy_cache_valid").some(({ args }) => countsForSuccess(args)) &&
  !linesOf(context, "proxy_no_cache").some(({ args }) => args.some(isAlways));

/** https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_cache_methods */
const isOfCachedMethod = (context: Context): boolean => {
  const { method = "GET" } = context.symptom;
  return ["GET", "HEAD"].includes(method) || linesOf(context, "proxy_cache_methods").some(({ args }) => args.includes(method));
};

/** What else must be so for it. */
const ifStored = (context: Context): string[] => (linesOf(context, "proxy_no_cache").length > 0 ? ["proxy_no_cache does not apply"] : []);

/** Measured: what is being stored is sent from its file, neither flushed nor pushed, once sendfile is on. */
export const sentFromFile = (context: Context): boolean =>
  isOn(context, "sendfile") && (isSet(context, "proxy_cache") || isSet(context, "proxy_store"));

export const whileStored = (context: Context): string => `${effect(context)} while it is being written to disk`;

const storesUnasked: SuspectRule = {
  directive: "proxy_cache_valid",
  when: isCaching,
  matches: countsForSuccess,
  says: "caches a stream that does not say how long it is fresh",
  instead: "proxy_cache_valid 599 1s;",
  alone: (context) => isStored(context) && memberOf(context.symptom) === "cached" && context.symptom.cacheControl === null,
  provided: (context) => ["the application sends no Cache-Control of its own", ...ifStored(context)],
};

const ignoredCachingFields: SuspectRule = {
  directive: "proxy_ignore_headers",
  when: isCaching,
  matches: (args) => args.some((field) => cachingFields.includes(field.toLowerCase())),
  says: "caches the stream although the application forbids it",
  instead: (context, line) => withoutField(context, line, cachingFields),
  tier: tiers.measured,
  alone: (context, line) => {
    const { cacheControl } = context.symptom;
    const ignores = line?.args.some((field) => field.toLowerCase() === "cache-control") ?? false;
    return ignores && memberOf(context.symptom) === "cached" && cacheControl !== null && isStored(context);
  },
  provided: ifStored,
};

const stores: SuspectRule[] = [
  storesUnasked,
  { directive: "proxy_cache", says: "answers with a stream that was made for another client", instead: "proxy_cache off;" },
  { directive: "proxy_store", says: "stores the stream as a file", instead: undo("proxy_store off;") },
];

const wideKey: SuspectRule = {
  directive: "proxy_cache_key",
  when: isCaching,
  matches: (args) => !args.some((argument) => /\$(?:\{?request_uri|\{?(?:query_)?args?|\{?query_string|\{?arg_)/.test(argument)),
  says: "treats requests with different queries as the same",
  instead: "proxy_cache_key $scheme$proxy_host$request_uri;",
};

const lock: SuspectRule = {
  directive: "proxy_cache_lock",
  when: isCaching,
  matches: ([value]) => value === "on",
  says: "makes a client wait for another client's stream and share it",
  instead: undo("proxy_cache_lock off;"),
  alone: (context) => memberOf(context.symptom) === "collapsed" && context.symptom.cacheControl === null && isStored(context),
  provided: ifStored,
};

const staleness: SuspectRule[] = [
  {
    directive: "proxy_cache_background_update",
    when: isCaching,
    says: "answers with a stale stream while a new one is fetched",
    instead: undo("proxy_cache_background_update off;"),
  },
  {
    directive: "proxy_cache_use_stale",
    when: isCaching,
    says: "answers with a stale stream",
    instead: undo("proxy_cache_use_stale off;"),
  },
];

const revalidation: SuspectRule = {
  directive: "proxy_cache_revalidate",
  when: isCaching,
  says: "revalidates a cached stream",
  instead: undo("proxy_cache_revalidate off;"),
};

const methods: SuspectRule = {
  directive: "proxy_cache_methods",
  when: isCaching,
  matches: (args) => args.some((method) => method.toUpperCase() === "POST"),
  says: "caches responses to POST",
  instead: "proxy_cache_methods GET HEAD;",
};

const cached: SuspectRule[] = [ignoredCachingFields, methods, ...stores, wideKey, lock, ...staleness];

const whileSent: SuspectRule[] = [
  {
    directive: "proxy_cache",
    when: sentFromFile,
    says: whileStored,
    instead: "proxy_cache off;",
    group: "storing",
    alone: (context) => isStored(context) && memberOf(context.symptom) === "buffered",
    provided: ifStored,
  },
  {
    directive: "proxy_store",
    when: sentFromFile,
    says: whileStored,
    instead: undo("proxy_store off;"),
    group: "storing",
    alone: (context) => isBuffered(context) && memberOf(context.symptom) === "buffered",
  },
];

/** Set where it may stand inherited too, so that the cache's other lines have no effect. */
const uncached: FixRule = {
  id: "proxy_cache",
  title: "proxy_cache off: disable caching for this location",
  when: (context) => isSet(context, "proxy_cache"),
  change: ["proxy_cache off;"],
  cost: "this location is no longer cached",
  against: ["proxy_cache", "proxy_cache_valid", "proxy_cache_lock"],
};

const unstored = off(
  "proxy_store",
  "proxy_store off: store no responses of this location",
  "this location's responses are no longer kept as files",
);

const cachingFieldsHeeded: FixRule = {
  id: "proxy_ignore_headers",
  title: "proxy_ignore_headers: remove the caching fields, so that the application decides",
  when: (context) =>
    context.symptom.cacheControl !== null &&
    linesOf(context, "proxy_ignore_headers").some(({ args }) => args.some((field) => cachingFields.includes(field.toLowerCase()))),
  change: (context) => linesOf(context, "proxy_ignore_headers").flatMap((line) => withoutField(context, line, cachingFields)),
  cost: "responses that forbid it are no longer cached",
};

const noStoreHeader: ApplicationFix = {
  id: "no-store",
  title: "application: send Cache-Control: no-store in the response",
  headers: [["Cache-Control", "no-store"]],
  link: `${docs}http/ngx_http_proxy_module.html#proxy_cache_valid`,
};

const unlocked = off(
  "proxy_cache_lock",
  "proxy_cache_lock off: do not make clients wait for one another",
  "all of them reach the application while nothing is cached yet",
);

const fresh: FixRule[] = [
  off(
    "proxy_cache_background_update",
    "proxy_cache_background_update off: wait for the new response",
    "the first client after the expiry waits for it",
  ),
  off(
    "proxy_cache_use_stale",
    "proxy_cache_use_stale off: never answer with a stale response",
    "clients see errors while the application is not available",
  ),
];

const uncachedHere: FixRule[] = [cachingFieldsHeeded, uncached, unstored];

/** Without this line an outer one might cache responses. */
const couldStore = (spot: Spot): boolean => ownLines(spot, "proxy_cache").some(hidesOthers);

const requestsInRanges: SuspectRule = { directive: "slice", says: "requests the response in ranges", instead: "slice 0;" };

export const caching: Family = {
  pages: { "http/ngx_http_slice_module": "slice" },
  suspects: {
    delivery: whileSent,
    headers: whileSent,
    broken: [{ ...lock, says: "makes clients wait for one another" }],
    cached,
    collapsed: cached,
    stale: cached,
    revalidated: [revalidation, ...cached],
    asked: [requestsInRanges, ...staleness],
    altered: [requestsInRanges],
    disconnect: [
      {
        directive: "proxy_cache",
        says: "keeps filling the cache after the client has left",
        instead: "proxy_cache off;",
        // Measured: a response that is buffered and not stored is let go, one that is not buffered is not.
        alone: (context) => isStored(context) || (!isBuffered(context) && isOfCachedMethod(context)),
        provided: (context) => (isBuffered(context) ? ifStored(context) : []),
      },
      {
        directive: "proxy_store",
        says: "keeps filling its file after the client has left",
        instead: undo("proxy_store off;"),
        alone: () => true,
      },
    ],
    upgrade: [{ directive: "proxy_cache", says: "answers from the cache", instead: "proxy_cache off;" }],
  },
  fixes: {
    broken: [unlocked],
    cached: uncachedHere,
    collapsed: [unlocked, ...uncachedHere],
    stale: [...fresh, ...uncachedHere],
    revalidated: [off("proxy_cache_revalidate", "proxy_cache_revalidate off: disable revalidation", null), ...uncachedHere],
    asked: [
      ...fresh,
      {
        id: "slice",
        title: "slice 0: request the whole response at once",
        when: (context) => (valueOf(context, "slice") ?? "0") !== "0",
        change: ["slice 0;"],
        cost: "large files are cached as a whole",
      },
    ],
    disconnect: [
      { ...uncached, part: true },
      { ...unstored, part: true },
    ],
  },
  application: {
    cached: [noStoreHeader],
    collapsed: [noStoreHeader],
    stale: [noStoreHeader],
    revalidated: [noStoreHeader],
    disconnect: [noStoreHeader],
  },
  beliefs: [
    { directive: "add_header", like: /^cache-control .*no-(?:cache|store)/i, when: isCaching, belief: noStore },
    { directive: "expires", like: /^(?:off|epoch|-\d+)$/, when: isCaching, belief: noStore },
    { directive: "proxy_set_header", like: /^cache-control .*no-(?:cache|store)/i, belief: noStore },
    { directive: "proxy_cache", like: /^off$/, own: true, when: (spot) => !couldStore(spot), belief: "send each event immediately" },
    { directive: "proxy_no_cache", own: true, when: (spot) => !isCaching(spot), belief: noStore },
    { directive: "proxy_cache_bypass", own: true, when: (spot) => !isCaching(spot), belief: noStore },
  ],
};
