// What the rules say of proxy_… holds for uwsgi_…, fastcgi_…, scgi_… and grpc_… as well, where nginx has that directive. Pure.
import { childrenOf } from "./tree.ts";
import type { Directive } from "./tree.ts";
import { isPass } from "./upstreams.ts";

interface Spot {
  block: Directive;
}

const base = "proxy_";

/** https://nginx.org/en/docs/http/ngx_http_uwsgi_module.html and the pages of the others: what they have no counterpart of. */
const lacking: Record<string, RegExp | null> = {
  proxy: null,
  uwsgi: /^(?:http_version|set_header|redirect|cookie_|method|headers_hash)/,
  fastcgi: /^(?:http_version|set_header|redirect|cookie_|method|headers_hash|ssl)/,
  scgi: /^(?:http_version|set_header|redirect|cookie_|method|headers_hash|ssl)/,
  grpc: /^(?:http_version|redirect|cookie_|method|headers_hash|buffering|buffers|busy_|max_temp|temp_|cache|store|no_cache|ignore_client_abort|request_buffering|limit_rate|force_ranges|pass_request)/,
};

/** `uwsgi` of a block with uwsgi_pass. */
export const prefixOf = ({ block }: Spot): string => {
  for (let level: Directive | null = block; level; level = level.parent) {
    const pass = childrenOf(level).find(({ name }) => isPass(name));
    if (pass) return pass.name.replace(/_pass$/, "");
  }
  return "proxy";
};

/** Null: there is none for what this route forwards by. */
export const localName = (spot: Spot, name: string): string | null => {
  if (!name.startsWith(base)) return name;
  const prefix = prefixOf(spot);
  const rest = name.slice(base.length);
  return lacking[prefix]?.test(rest) ? null : `${prefix}_${rest}`;
};

/** In a text about directives. */
export const localWords = (spot: Spot, text: string): string => text.replaceAll(/\bproxy_\w+/g, (name) => localName(spot, name) ?? name);
