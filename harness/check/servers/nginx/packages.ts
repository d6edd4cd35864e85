// Debian's packages of the modules that a configuration uses: its nginx brings few of them.
import type { Place } from "../../configuration.ts";
import { everyDirective } from "./tree.ts";
import type { Directive } from "./tree.ts";

/** By the directives that only this module knows. */
const modules: Record<string, RegExp> = {
  "auth-pam": /^auth_pam/,
  "auth-spnego": /^auth_gss/,
  "brotli-filter": /^brotli(?!_static)/,
  "brotli-static": /^brotli_static/,
  "cache-purge": /^(?:proxy|fastcgi|uwsgi|scgi)_cache_purge$/,
  "dav-ext": /^dav_ext_/,
  echo: /^echo(?:_|$)/,
  fancyindex: /^fancyindex/,
  geoip: /^geoip_/,
  geoip2: /^geoip2/,
  "headers-more-filter": /^more_(?:set|clear)_(?:input_)?headers$/,
  "image-filter": /^image_filter/,
  js: /^js_/,
  lua: /_by_lua(?:_|$)|^lua_/,
  memc: /^memc_/,
  modsecurity: /^modsecurity/,
  perl: /^perl/,
  "push-stream": /^push_stream_/,
  "set-misc":
    /^set_(?:if_empty|quote_\w+|unescape_uri|escape_uri|hashed_upstream|(?:en|de)code_\w+|hmac_\w+|md5|sha1|random|secure_random\w*|rotate|local_today|formatted_\w+)$/,
  "srcache-filter": /^srcache_/,
  "subs-filter": /^subs_filter/,
  uploadprogress: /^(?:upload_progress|track_uploads|report_uploads)/,
  "xslt-filter": /^xslt_|^xml_entities$/,
  "zstd-filter": /^zstd(?!_static)/,
  "zstd-static": /^zstd_static/,
};

/** Those that some of Debian's releases lack, with those that have them. */
const onlyIn: Record<string, readonly string[]> = {
  "libnginx-mod-http-auth-spnego": ["trixie", "forky"],
  "libnginx-mod-http-push-stream": ["trixie", "forky"],
  "libnginx-mod-http-zstd-filter": ["forky"],
  "libnginx-mod-http-zstd-static": ["forky"],
  ...Object.fromEntries(
    ["brotli-filter", "brotli-static", "memc", "modsecurity", "set-misc", "srcache-filter", "js"].map((name) => [
      `libnginx-mod-http-${name}`,
      ["bookworm", "trixie", "forky"],
    ]),
  ),
};

/** Of which nothing else is known but their names. */
const others = ["stream", "mail", "rtmp", "nchan", "http-ndk", "http-upstream-fair", "stream-geoip", "stream-geoip2", "stream-js"];

const known = new Set([...Object.keys(modules).map((name) => `http-${name}`), ...others].map((name) => `libnginx-mod-${name}`));

export const isIn = (name: string, release: string): boolean => known.has(name) && (onlyIn[name]?.includes(release) ?? true);

/** Lines of a map or of types are no directives. */
export const isDirective = ({ parent }: Directive): boolean =>
  parent === null || ["http", "server", "location", "if", "upstream", "limit_except", "stream"].includes(parent.name);

/** The package that a directive's module comes in; null: it needs none that is known. */
export const packageOf = (directive: Directive): string | null => {
  const { name, args, parent } = directive;
  const file = name === "load_module" ? /ngx_(http_|stream_)?(\w+?)_module\.so$/.exec(args[0] ?? "") : null;
  if (file) return `libnginx-mod-${(file[1] ?? "").replace("_", "-")}${(file[2] ?? "").replaceAll("_", "-")}`;
  if (parent === null && (name === "stream" || name === "mail" || name === "rtmp")) return `libnginx-mod-${name}`;
  if (name.startsWith("nchan_")) return "libnginx-mod-nchan";
  if (name === "fair" && parent?.name === "upstream") return "libnginx-mod-http-upstream-fair";
  if (!isDirective(directive)) return null;
  const module = Object.entries(modules).find(([, pattern]) => pattern.test(name))?.[0];
  return module === undefined ? null : `libnginx-mod-http-${module}`;
};

export const packagesFor = (roots: readonly Directive[]): { name: string; place: Place }[] => {
  const found = new Map<string, Place>();
  for (const directive of everyDirective(roots)) {
    const name = packageOf(directive);
    if (name !== null && !found.has(name)) found.set(name, directive.place);
  }
  return [...found].map(([name, place]) => ({ name, place }));
};

/** The module's file, as its package names it. */
export const moduleFile = (name: string): string => `ngx_${name.slice("libnginx-mod-".length).replaceAll("-", "_")}_module.so`;

/** Modules that another one needs, before it. */
export const neededBy = (name: string): string[] => (/-http-(?:lua|set-misc)$/.test(name) ? ["ndk_http_module.so"] : []);
