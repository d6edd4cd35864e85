// An nginx.conf as ingress-nginx makes it of Ingresses, with upstream groups in place of its balancer, which is code.
// https://github.com/kubernetes/ingress-nginx/blob/controller-v1.11.2/rootfs/etc/nginx/template/nginx.tmpl
import type { KubernetesObject } from "../../../kubernetes.ts";
import { notRenderedOf, annotationsOf, line, placed, proxyLines, snippet } from "./annotations.ts";
import { isRegex, serversOf } from "./locations.ts";
import type { Backend, IngressLocation, IngressServer } from "./locations.ts";
import { placeOfSetting, settingsOf } from "./settings.ts";
import type { Settings } from "./settings.ts";

/** By the annotations of the NGINX Ingress Controller of F5, which has other defaults: it buffers.
 *  https://docs.nginx.com/nginx-ingress-controller/configuration/ingress-resources/advanced-configuration-with-annotations/ */
export const isForAnother = (text: string): boolean =>
  /"nginx\.(?:org|com)\//.test(text) && !text.includes('"nginx.ingress.kubernetes.io/');

const isForNginx = ({ apiVersion, kind, value }: KubernetesObject): boolean => {
  if (kind !== "Ingress" || !/^(?:networking\.k8s\.io|extensions)\//.test(apiVersion)) return false;
  const text = JSON.stringify(value);
  if (isForAnother(text)) return false;
  const [, named = null] = /"(?:ingressClassName|kubernetes\.io\/ingress\.class)":"([^"]*)"/.exec(text) ?? [];
  return text.includes('"nginx.ingress.kubernetes.io/') || (named !== null && /nginx/.test(named));
};

export const renderIngress = (objects: readonly KubernetesObject[]): { text: string; notRendered: string[] } | null => {
  const ingresses = objects.filter(isForNginx);
  const servers = serversOf(ingresses);
  if (servers.length === 0) return null;
  const settings = settingsOf(objects);
  const backends = new Map(servers.flatMap(({ locations }) => locations.map(({ backend }) => [backend.name, backend])));
  const inHttp = [
    ...httpLines(settings),
    ...zones(servers),
    ...[...backends.values()].flatMap((backend) => upstream(backend, settings)),
    ...servers.flatMap((server) => serverLines(server, settings)),
  ];
  const text = [
    "daemon off;",
    line(`worker_shutdown_timeout ${settings["worker-shutdown-timeout"]};`, "worker-shutdown-timeout"),
    ...block("events", ["multi_accept on;", "worker_connections 16384;", "use epoll;"]),
    ...block("http", inHttp),
    "",
  ]
    .map(placed((key) => placeOfSetting(objects, key)))
    .join("\n");
  return { text, notRendered: [...new Set(ingresses.flatMap((ingress) => notRenderedOf(annotationsOf(ingress))))] };
};

const block = (title: string, inner: readonly string[]): string[] => [
  `${title} {`,
  ...inner.map((text) => (text === "" ? "" : `  ${text}`)),
  "}",
];

const httpLines = (settings: Settings): string[] => [
  "aio threads;",
  "aio_write on;",
  "tcp_nopush on;",
  "tcp_nodelay on;",
  "log_subrequest on;",
  "reset_timedout_connection on;",
  line(`keepalive_timeout ${settings["keep-alive"]}s;`, "keep-alive"),
  line(`keepalive_requests ${settings["keep-alive-requests"]};`, "keep-alive-requests"),
  "client_header_buffer_size 1k;",
  line(`client_header_timeout ${settings["client-header-timeout"]}s;`, "client-header-timeout"),
  "large_client_header_buffers 4 8k;",
  line(`client_body_buffer_size ${settings["client-body-buffer-size"]};`, "client-body-buffer-size"),
  line(`client_body_timeout ${settings["client-body-timeout"]}s;`, "client-body-timeout"),
  "http2_max_concurrent_streams 128;",
  "types_hash_max_size 2048;",
  "server_names_hash_max_size 1024;",
  "map_hash_bucket_size 64;",
  "variables_hash_bucket_size 256;",
  "variables_hash_max_size 2048;",
  "underscores_in_headers off;",
  "ignore_invalid_headers on;",
  line(`limit_req_status ${settings["limit-req-status-code"]};`, "limit-req-status-code"),
  line(`limit_conn_status ${settings["limit-conn-status-code"]};`, "limit-conn-status-code"),
  "include /etc/nginx/mime.types;",
  "default_type text/html;",
  ...compression(settings),
  "server_tokens off;",
  "map $http_upgrade $connection_upgrade {",
  "  default upgrade;",
  "  '' '';",
  "}",
  "map $http_x_request_id $req_id {",
  "  default $http_x_request_id;",
  '  "" $request_id;',
  "}",
  ...(settings["limit-rate"] === "0" ? [] : [line(`limit_rate ${settings["limit-rate"]};`, "limit-rate")]),
  ...(settings["limit-rate-after"] === "0" ? [] : [line(`limit_rate_after ${settings["limit-rate-after"]};`, "limit-rate-after")]),
  "server_name_in_redirect off;",
  "port_in_redirect off;",
  "ssl_protocols TLSv1.2 TLSv1.3;",
  "ssl_session_cache shared:SSL:10m;",
  "ssl_session_timeout 10m;",
  "ssl_session_tickets off;",
  "ssl_buffer_size 4k;",
  "ssl_certificate /etc/ingress-controller/ssl/default-fake-certificate.pem;",
  "ssl_certificate_key /etc/ingress-controller/ssl/default-fake-certificate.pem;",
  "proxy_ssl_session_reuse on;",
  ...snippet(settings["http-snippet"], "http-snippet"),
];

const compression = (settings: Settings): string[] => [
  ...(settings["use-gzip"] === "true"
    ? [
        line("gzip on;", "use-gzip"),
        line(`gzip_comp_level ${settings["gzip-level"]};`, "gzip-level"),
        "gzip_http_version 1.1;",
        line(`gzip_min_length ${settings["gzip-min-length"]};`, "gzip-min-length"),
        line(`gzip_types ${settings["gzip-types"]};`, "gzip-types"),
        "gzip_proxied any;",
        "gzip_vary on;",
      ]
    : []),
  ...(settings["enable-brotli"] === "true"
    ? [
        line("brotli on;", "enable-brotli"),
        line(`brotli_comp_level ${settings["brotli-level"]};`, "brotli-level"),
        line(`brotli_types ${settings["brotli-types"]};`, "brotli-types"),
      ]
    : []),
];

const upstream = ({ name, host, port }: Backend, settings: Settings): string[] =>
  block(`upstream ${name}`, [
    `server ${host}:${port};`,
    line(`keepalive ${settings["upstream-keepalive-connections"]};`, "upstream-keepalive-connections"),
    "keepalive_time 1h;",
    line(`keepalive_timeout ${settings["upstream-keepalive-timeout"]}s;`, "upstream-keepalive-timeout"),
    line(`keepalive_requests ${settings["upstream-keepalive-requests"]};`, "upstream-keepalive-requests"),
  ]);

/** Of limits: each Ingress has its own. */
const zones = (servers: readonly IngressServer[]): string[] => {
  const all = new Map(servers.flatMap(({ locations }) => locations.map(({ ingress, annotations }) => [ingress, annotations])));
  return [...all].flatMap(([ingress, annotations]) => [
    ...(annotations.has("limit-connections") ? [`limit_conn_zone $binary_remote_addr zone=${ingress}_conn:5m;`] : []),
    ...(annotations.has("limit-rps")
      ? [`limit_req_zone $binary_remote_addr zone=${ingress}_rps:5m rate=${annotations.get("limit-rps")}r/s;`]
      : []),
    ...(annotations.has("limit-rpm")
      ? [`limit_req_zone $binary_remote_addr zone=${ingress}_rpm:5m rate=${annotations.get("limit-rpm")}r/m;`]
      : []),
  ]);
};

const limitLines = ({ ingress, annotations }: IngressLocation): string[] => {
  const burst = (perTime: string): number => Number(perTime) * Number(annotations.get("limit-burst-multiplier") ?? 5);
  const of = (key: string, made: (value: string) => string): string[] => {
    const value = annotations.get(key);
    return value !== undefined && /^\d+$/.test(value) ? [line(made(value), `nginx.ingress.kubernetes.io/${key}`)] : [];
  };
  return [
    ...of("limit-connections", (value) => `limit_conn ${ingress}_conn ${value};`),
    ...of("limit-rps", (value) => `limit_req zone=${ingress}_rps burst=${burst(value)} nodelay;`),
    ...of("limit-rpm", (value) => `limit_req zone=${ingress}_rpm burst=${burst(value)} nodelay;`),
  ];
};

const serverLines = ({ host, tls, locations }: IngressServer, settings: Settings): string[] => {
  const [first] = locations;
  const redirects = locations.some(
    ({ annotations }) =>
      annotations.get("force-ssl-redirect") === "true" || (tls && (annotations.get("ssl-redirect") ?? settings["ssl-redirect"]) === "true"),
  );
  const names = [host, ...(first?.annotations.get("server-alias")?.split(/[\s,]+/) ?? [])]
    .filter((name) => /^[\w.*-]+$/.test(name))
    .join(" ");
  const own = [
    ...snippet(settings["server-snippet"], "server-snippet"),
    ...new Set(
      locations.flatMap(({ annotations }) => snippet(annotations.get("server-snippet"), "nginx.ingress.kubernetes.io/server-snippet")),
    ),
    ...locations.flatMap((location) => authLocation(location).map(placed(location.placeOf))).slice(0, 6),
    ...locations.flatMap((location) => block(location.title, locationLines(location, settings).map(placed(location.placeOf)))),
  ];
  const secure = `listen 443 ssl${settings["use-http2"] === "true" ? " http2" : ""};`;
  if (!redirects) return block("server", [`server_name ${names};`, "listen 80;", secure, ...own]);
  return [
    ...block("server", [`server_name ${names};`, "listen 80;", line("return 308 https://$host$request_uri;", "ssl-redirect")]),
    ...block("server", [`server_name ${names};`, secure, ...own]),
  ];
};

const authLocation = ({ annotations }: IngressLocation): string[] => {
  const url = annotations.get("auth-url");
  if (url === undefined || !/^https?:\/\/[^\s;{}"]+$/.test(url)) return [];
  return block("location = /_external-auth", [
    "internal;",
    "proxy_pass_request_body off;",
    'proxy_set_header Content-Length "";',
    line(`proxy_pass ${url.replaceAll(/\$(?!\w)/g, "")};`, "nginx.ingress.kubernetes.io/auth-url"),
  ]);
};

const locationLines = (location: IngressLocation, settings: Settings): string[] => {
  const { backend, annotations, path } = location;
  const protocol = (annotations.get("backend-protocol") ?? "HTTP").toUpperCase();
  const isGrpc = protocol === "GRPC" || protocol === "GRPCS";
  const scheme = protocol === "HTTPS" || protocol === "GRPCS" ? "https" : "http";
  const target = annotations.get("rewrite-target");
  const connection = annotations.get("connection-proxy-header");
  return [
    "port_in_redirect off;",
    `proxy_set_header Host ${annotations.has("upstream-vhost") ? `"${annotations.get("upstream-vhost")}"` : "$http_host"};`,
    "proxy_set_header Upgrade $http_upgrade;",
    `proxy_set_header Connection ${connection ?? "$connection_upgrade"};`,
    "proxy_set_header X-Request-ID $req_id;",
    "proxy_set_header X-Real-IP $remote_addr;",
    "proxy_set_header X-Forwarded-For $remote_addr;",
    "proxy_set_header X-Forwarded-Host $http_host;",
    "proxy_set_header X-Forwarded-Port $server_port;",
    "proxy_set_header X-Forwarded-Proto $scheme;",
    "proxy_set_header X-Forwarded-Scheme $scheme;",
    "proxy_set_header X-Scheme $scheme;",
    'proxy_set_header Proxy "";',
    "proxy_cookie_domain off;",
    "proxy_cookie_path off;",
    ...limitLines(location),
    ...proxyLines(annotations, settings),
    ...(isRegex(annotations) && target !== undefined
      ? [line(`rewrite "(?i)${path.replaceAll('"', '\\"')}" ${target} break;`, "nginx.ingress.kubernetes.io/rewrite-target")]
      : []),
    isGrpc ? `grpc_pass ${scheme === "https" ? "grpcs" : "grpc"}://${backend.name};` : `proxy_pass ${scheme}://${backend.name};`,
    "proxy_redirect off;",
  ];
};
