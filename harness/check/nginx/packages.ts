// Debian's packages of the modules that a configuration uses: its nginx brings few of them.
import type { Place } from "../configuration.ts";
import { everyDirective } from "./tree.ts";
import type { Directive } from "./tree.ts";

/** By the directives that only this module knows. */
const modules: Record<string, RegExp> = {
  "auth-pam": /^auth_pam/,
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
  perl: /^perl/,
  "subs-filter": /^subs_filter/,
  uploadprogress: /^(?:upload_progress|track_uploads|report_uploads)/,
  "xslt-filter": /^xslt_|^xml_entities$/,
};

export const packagesFor = (roots: readonly Directive[]): { name: string; place: Place }[] => {
  const found = new Map<string, Place>();
  const need = (name: string, { place }: Directive): void => void (found.has(name) || found.set(name, place));
  for (const directive of everyDirective(roots)) {
    const { name, args, parent } = directive;
    const file = name === "load_module" ? /ngx_(http_)?(\w+?)_module\.so$/.exec(args[0] ?? "") : null;
    if (file) need(`libnginx-mod-${file[1] ? "http-" : ""}${(file[2] ?? "").replaceAll("_", "-")}`, directive);
    else if (parent === null && (name === "stream" || name === "mail")) need(`libnginx-mod-${name}`, directive);
    // A map's or a type's lines are no directives.
    else if (parent === null || ["http", "server", "location", "if"].includes(parent.name))
      for (const [module, pattern] of Object.entries(modules)) if (pattern.test(name)) need(`libnginx-mod-http-${module}`, directive);
  }
  return [...found].map(([name, place]) => ({ name, place }));
};
