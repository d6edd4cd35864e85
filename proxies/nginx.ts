import { defineServer } from "../harness/define.ts";
import type { Listener, Render } from "../harness/define.ts";

const http11 = 'proxy_http_version 1.1; proxy_set_header Connection "";';
const http10 = "proxy_http_version 1.0;";
const cache = `${http11} proxy_cache responses; proxy_cache_valid 200 60s;`;
const cachePath = "proxy_cache_path cache levels=1 keys_zone=responses:1m;";
const substitute = (pattern: string): string => `${http11} sub_filter_types *; sub_filter_once off; sub_filter "${pattern}" "";`;
const gzip = `${http11} gzip on; gzip_min_length 1; gzip_proxied any;
    gzip_types text/event-stream application/x-ndjson text/csv text/plain application/json application/octet-stream;`;

export default defineServer({
  kind: "binary",
  title: "nginx",
  link: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html",
  binary: "nginx",
  version: { args: ["-v"], pattern: /nginx version: (nginx\/[\d.]+)/ },
  debian: { release: "trixie", packages: ["nginx-light"] },
  versions: {
    "1.18": { release: "bullseye" },
    "1.22": { release: "bookworm" },
    "1.26": { release: "trixie" },
    "1.30": { release: "forky" },
  },
  // https://nginx.org/en/CHANGES
  changes: { "1.25.1": "how HTTP/2 is turned on", "1.29.7": "the version of HTTP that it uses to its upstream" },
  image: "nginx:1.29-alpine",
  clients: ["h1", "h1-tls", "h2", "h2c", "h3"],
  clock: "libfaketime",
  reload: "SIGHUP",
  // The same for the directives of uwsgi, FastCGI, SCGI and gRPC.
  limits: [
    { kind: "idle-timeout", ms: 60_000, setBy: "proxy_read_timeout", shownBy: "nginx-cuts-silence-after-a-minute" },
    { kind: "upload-timeout", ms: 60_000, setBy: "proxy_send_timeout" },
    { kind: "connect-timeout", ms: 60_000, setBy: "proxy_connect_timeout" },
    {
      kind: "write-timeout",
      ms: 60_000,
      setBy: "send_timeout",
      page: "https://nginx.org/en/docs/http/ngx_http_core_module.html#send_timeout",
    },
  ],
  files: (render) => ({ "nginx.conf": configuration(render) }),
  args: ({ folder }) => ["-p", folder, "-c", `${folder}/nginx.conf`, "-g", "daemon off;"],
  check: {
    args: ({ folder }) => ["-t", "-p", folder, "-c", `${folder}/nginx.conf`],
    // Some have no place, e.g. an unknown variable. Errors with an errno, e.g. a port in use, come from the machine.
    problem: /\[emerg\] (?:.* in \S+:\d+|(?!.*\(\d+: ).*)/,
    // From a module that some builds omit; any other unknown directive is a typo.
    lacks: /unknown directive "sub_filter|invalid parameter "quic"/,
  },
  variants: {
    default: { title: "proxy_pass and nothing else" },
    "http-1.0": { title: "uses HTTP/1.0 to the upstream, the default before 1.29.7", options: { location: http10 } },
    "http-1.1": { title: "uses HTTP/1.1 to the upstream, keeps buffering", options: { location: http11 } },
    unbuffered: { title: "proxy_buffering off", options: { location: "proxy_buffering off;" } },
    "add-header": {
      title: "HTTP/1.0 and add_header X-Accel-Buffering no, which only the client sees",
      options: { location: `${http10} add_header X-Accel-Buffering no;` },
    },
    "ignores-accel": {
      title: "HTTP/1.0 and proxy_ignore_headers X-Accel-Buffering",
      options: { location: `${http10} proxy_ignore_headers X-Accel-Buffering;` },
    },
    gzip: { title: "gzip on for the types of streams, keeps buffering", options: { location: gzip } },
    "gzip-rows": {
      title: "gzip on for rows and text, not for events",
      options: { location: gzip.replace("text/event-stream ", "") },
    },
    "gzip-unbuffered": { title: "gzip on, proxy_buffering off", options: { location: `${gzip} proxy_buffering off;` } },
    cache: {
      title: "proxy_cache with proxy_cache_valid 200",
      options: { http: cachePath, location: cache },
    },
    "cache-lock": { title: "proxy_cache and proxy_cache_lock", options: { http: cachePath, location: `${cache} proxy_cache_lock on;` } },
    "cache-lock-timeout": {
      title: "proxy_cache and proxy_cache_lock, with a lock timeout of 0.1 s",
      options: { http: cachePath, location: `${cache} proxy_cache_lock on; proxy_cache_lock_timeout 100ms;` },
    },
    "cache-unbuffered": {
      title: "proxy_cache and proxy_buffering off",
      options: { http: cachePath, location: `${cache} proxy_buffering off;` },
    },
    "ignores-client-abort": { title: "proxy_ignore_client_abort on", options: { location: `${http11} proxy_ignore_client_abort on;` } },
    "sub-filter": { title: "removes one type of event with sub_filter", options: { location: substitute("\\n\\nevent: debug") } },
    "sub-filter-inside": { title: "removes a word with sub_filter", options: { location: substitute("debug") } },
    "short-limits": {
      title: "proxy_read_timeout 1s: stops waiting for its upstream after one second",
      options: { location: `${http11} proxy_connect_timeout 1s; proxy_send_timeout 1s; proxy_read_timeout 1s;` },
      limitMs: 1000,
    },
    "short-send-timeout": {
      title: "send_timeout 1s: cuts a client that reads nothing",
      options: { location: `${http11} send_timeout 1s;` },
      limitMs: 1000,
    },
    "short-shutdown": {
      title: "worker_shutdown_timeout 1s: after a reload, its old worker closes its connections after one second",
      options: { main: " worker_shutdown_timeout 1s;", location: http11 },
    },
    "large-headers": { title: "proxy_buffer_size 16k", options: { location: `${http11} proxy_buffer_size 16k; proxy_buffers 8 16k;` } },
    "two-servers": {
      title: "an upstream of two servers, stops waiting for each after one second",
      options: { servers: 2, location: `${http11} proxy_read_timeout 1s;` },
      limitMs: 1000,
    },
    "chunked-off": { title: "chunked_transfer_encoding off", options: { location: `${http11} chunked_transfer_encoding off;` } },
  },
});

/** Since 1.25.1 this way to turn HTTP/2 on is deprecated: before, it is the only one. Without TLS it means prior knowledge. HTTP/3 comes with
 *  TLS over TCP on the same port, as it is offered: https://nginx.org/en/docs/quic.html */
const parameters: Record<Listener["protocol"], string[]> = { "h1-tls": ["ssl"], h2: ["ssl http2"], h2c: ["http2"], h3: ["quic", "ssl"] };

const listenFor = ({ listeners, certificate }: Pick<Render, "listeners" | "certificate">): string =>
  [
    ...listeners.flatMap(({ protocol, port }) => parameters[protocol].map((parameter) => `\n    listen ${port} ${parameter};`)),
    ...(listeners.length > 0 ? [`\n    ssl_certificate ${certificate};\n    ssl_certificate_key ${certificate};`] : []),
  ].join("");

/** Relative paths are in its own folder (`-p`). */
const configuration = ({ upstream, listenPort, options, ...further }: Render): string => `user root;
worker_processes 1;
pid nginx.pid;
error_log stderr warn;${options["main"] ?? ""}
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  ${options["http"] ?? ""}
  ${options["servers"] ? `upstream origin { ${`server ${upstream.host}; `.repeat(Number(options["servers"]))}}` : ""}
  server {
    listen ${listenPort};${listenFor(further)}
    location / {
      proxy_pass http://${options["servers"] ? "origin" : upstream.host};
      ${options["location"] ?? ""}
    }
  }
}
`;
