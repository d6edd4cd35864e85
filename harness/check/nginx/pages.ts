// Where each directive is documented; those of http in general and of proxying are many, and not listed.
const nginx = "https://nginx.org/en/docs/";

const modules: Record<string, string> = {
  ngx_core_module: "worker_shutdown_timeout",
  "http/ngx_http_access_module": "allow deny",
  "http/ngx_http_addition_module": "add_after_body add_before_body addition_types",
  "http/ngx_http_auth_basic_module": "auth_basic",
  "http/ngx_http_auth_request_module": "auth_request",
  "http/ngx_http_charset_module": "charset charset_types override_charset source_charset",
  "http/ngx_http_gunzip_module": "gunzip",
  "http/ngx_http_gzip_module": "gzip gzip_buffers gzip_comp_level gzip_min_length gzip_proxied gzip_types gzip_vary",
  "http/ngx_http_headers_module": "add_header add_trailer expires",
  "http/ngx_http_image_filter_module": "image_filter",
  "http/ngx_http_js_module": "js_body_filter",
  "http/ngx_http_limit_conn_module": "limit_conn",
  "http/ngx_http_limit_req_module": "limit_req",
  "http/ngx_http_mirror_module": "mirror mirror_request_body",
  "http/ngx_http_rewrite_module": "return set",
  "http/ngx_http_slice_module": "slice",
  "http/ngx_http_ssi_module": "ssi ssi_types",
  "http/ngx_http_sub_module": "sub_filter sub_filter_types",
  "http/ngx_http_xslt_module": "xslt_stylesheet",
};

const others: Record<string, string> = {
  brotli: "https://github.com/google/ngx_brotli#brotli",
  brotli_types: "https://github.com/google/ngx_brotli#brotli_types",
  zstd: "https://github.com/tokers/zstd-nginx-module#zstd",
  zstd_types: "https://github.com/tokers/zstd-nginx-module#zstd_types",
  modsecurity: "https://github.com/owasp-modsecurity/ModSecurity-nginx#modsecurity",
  more_set_headers: "https://github.com/openresty/headers-more-nginx-module#more_set_headers",
  more_clear_headers: "https://github.com/openresty/headers-more-nginx-module#more_clear_headers",
};

const moduleOf = new Map(Object.entries(modules).flatMap(([page, names]) => names.split(" ").map((name) => [name, page] as const)));

export const pageOf = (directive: string): string => {
  const other = others[directive];
  if (other) return other;
  if (/(?:^|_)lua(?:_|$)/.test(directive)) return `https://github.com/openresty/lua-nginx-module#${directive}`;
  const module = moduleOf.get(directive) ?? (directive.startsWith("proxy_") ? "http/ngx_http_proxy_module" : "http/ngx_http_core_module");
  return `${nginx}${module}.html#${directive}`;
};

/** How nginx answers to a header field of the application's. */
export const accelPage = `${nginx}http/ngx_http_proxy_module.html#proxy_buffering`;
export const cacheControlPage = `${nginx}http/ngx_http_proxy_module.html#proxy_cache_valid`;
export const webSocketPage = `${nginx}http/websocket.html`;
