// Which directives are the likeliest to cause a symptom, and which changes are the smallest to fix it. What is not listed comes last. Pure.
import type { Kind } from "./kinds.ts";

type Order = Readonly<Record<Kind, readonly string[]>>;

const filters = [
  "sub_filter",
  "ssi",
  "add_before_body",
  "add_after_body",
  "image_filter",
  "gunzip",
  "modsecurity",
  "js_body_filter",
  "xslt_stylesheet",
  "body_filter_by_lua_block",
  "body_filter_by_lua_file",
  "body_filter_by_lua",
];
const codings = ["gzip_types", "gzip", "brotli_types", "brotli", "zstd_types", "zstd"];
const timeouts = [
  "proxy_read_timeout",
  "proxy_next_upstream_timeout",
  "proxy_connect_timeout",
  "proxy_send_timeout",
  "send_timeout",
  "client_body_timeout",
  "keepalive_timeout",
  "keepalive_time",
  "lingering_timeout",
  "no proxy_read_timeout",
];
const delivery = [
  ...codings,
  ...filters,
  "proxy_ignore_headers",
  "limit_rate",
  "proxy_limit_rate",
  "proxy_cache",
  "proxy_store",
  "tcp_nopush",
  "sendfile",
  "proxy_http_version",
  "no proxy_http_version",
  "postpone_output",
  "proxy_buffers",
  "proxy_buffer_size",
  "proxy_buffering",
  "no proxy_buffering off",
];
const staleness = ["proxy_cache_background_update", "proxy_cache_use_stale"];
const cached = [
  "proxy_ignore_headers",
  "proxy_cache_methods",
  "proxy_cache_valid",
  "proxy_cache",
  "proxy_store",
  "proxy_cache_key",
  "proxy_cache_lock",
  ...staleness,
];
const truncation = ["chunked_transfer_encoding", "proxy_http_version", "no proxy_http_version"];

/** By directive, with `no` before one that is absent. */
export const likeliest: Order = {
  delivery,
  headers: [...delivery, "listen"],
  limit: timeouts,
  truncation,
  "error-response": [
    "proxy_intercept_errors",
    "limit_req",
    "limit_conn",
    "auth_request",
    "auth_basic",
    "client_max_body_size",
    "proxy_ssl_verify",
    "deny",
    "limit_except",
    "internal",
    "return",
    "error_page",
    "proxy_buffer_size",
    ...timeouts,
  ],
  broken: ["add_header", "proxy_cache_lock", "mirror", ...truncation, ...timeouts],
  cached,
  collapsed: ["proxy_cache_lock", ...cached],
  stale: [...staleness, ...cached],
  revalidated: ["proxy_cache_revalidate", ...cached],
  asked: [
    "proxy_next_upstream",
    "mirror",
    "auth_request",
    "slice",
    "add_before_body",
    "add_after_body",
    "post_action",
    "ssi",
    ...staleness,
    "error_page",
    "no proxy_next_upstream",
    "proxy_read_timeout",
  ],
  altered: [...filters, "add_header", "proxy_hide_header", "more_set_headers", "more_clear_headers", "charset", "slice"],
  disconnect: ["proxy_ignore_client_abort", "proxy_cache", "proxy_store", "mirror"],
  reload: ["worker_shutdown_timeout"],
  upgrade: ["limit_except", "auth_request", "auth_basic", "proxy_cache", "proxy_read_timeout"],
  upload: [
    "client_max_body_size",
    "mirror",
    "client_body_in_file_only",
    "modsecurity",
    "lua_need_request_body",
    "proxy_request_buffering",
    "proxy_http_version",
    "no proxy_http_version",
    "no proxy_request_buffering off",
    "no client_max_body_size",
  ],
  crowd: ["limit_conn", "limit_req", "server"],
  outage: ["server"],
};

const unfiltered = ["sub_filter_types", "sub_filter", "ssi", "add_before_body", "add_after_body", "gunzip", "image_filter", "modsecurity"];
const longer = ["proxy_read_timeout", "send_timeout", "proxy_send_timeout", "client_body_timeout"];
const uncached = ["proxy_ignore_headers", "proxy_cache", "proxy_store"];

/** By the key of a fix. */
export const smallest: Order = {
  delivery: [
    ...codings,
    "proxy_http_version",
    ...unfiltered,
    "limit_rate",
    "proxy_limit_rate",
    "sendfile",
    "proxy_ignore_headers",
    "proxy_buffering",
    "proxy_buffering of a cache",
  ],
  headers: [
    "proxy_buffering",
    "postpone_output",
    "limit_rate",
    "proxy_limit_rate",
    "proxy_ignore_headers",
    "proxy_buffering of a cache",
    "http2",
  ],
  limit: [...longer, "proxy_next_upstream_timeout"],
  truncation: ["chunked_transfer_encoding", "proxy_http_version"],
  "error-response": [
    "error_page",
    "proxy_intercept_errors",
    "proxy_buffer_size",
    "limit_req",
    "limit_conn",
    ...longer,
    "proxy_next_upstream_timeout",
  ],
  broken: ["add_header", "proxy_cache_lock", "mirror", "chunked_transfer_encoding", "proxy_http_version", ...longer],
  cached: uncached,
  collapsed: ["proxy_cache_lock", ...uncached],
  stale: [...staleness, ...uncached],
  revalidated: ["proxy_cache_revalidate", ...uncached],
  asked: ["proxy_next_upstream", "mirror", ...staleness, "slice", "proxy_read_timeout"],
  altered: ["add_header", "proxy_hide_header", "more_set_headers", "more_clear_headers", "charset", ...unfiltered],
  disconnect: ["proxy_ignore_client_abort", "proxy_cache", "proxy_store", "mirror"],
  reload: ["worker_shutdown_timeout"],
  upgrade: ["proxy_set_header"],
  upload: ["proxy_request_buffering", "proxy_http_version", "mirror", "client_max_body_size"],
  crowd: ["limit_conn", "limit_req"],
  outage: [],
};

/** Those of one key stay in their order. */
export const inOrder = <T>(all: readonly T[], order: readonly string[], keyOf: (one: T) => string): T[] => {
  const rankOf = (one: T): number => {
    const at = order.indexOf(keyOf(one));
    return at < 0 ? order.length : at;
  };
  return all.toSorted((a, b) => rankOf(a) - rankOf(b));
};
