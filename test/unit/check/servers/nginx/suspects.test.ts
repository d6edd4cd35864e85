import { describe, expect, test } from "vitest";
import { applyEdits } from "../../../../../harness/check/edits.ts";
import { suspects } from "../../../../../harness/check/servers/nginx/suspects.ts";
import { fileName, nginxConf, parsed, routeOf, seen, symptoms } from "./_parsed.ts";
import type { Levels, Seen } from "./_parsed.ts";

const http11 = "proxy_http_version 1.1;";
const unbuffered = "proxy_buffering off;";

const namesIn = (levels: Levels, what: Seen, version?: string): string[] => {
  const configuration = parsed(nginxConf(levels), version);
  return suspects(configuration, routeOf(configuration), symptoms[what]).map(
    ({ directive, absent, with: partner }) => `${absent ? "no " : ""}${directive}${partner ? ` + ${partner.directive}` : ""}`,
  );
};

const cases: [title: string, levels: Levels, what: Seen, expected: string[]][] = [
  ["HTTP/1.0 by default, and buffering", {}, "buffered", ["no proxy_http_version", "no proxy_buffering off"]],
  [
    "gzip that its client did not ask for",
    { http: ["gzip on;", "gzip_types *;"], location: [http11] },
    "buffered",
    ["no proxy_buffering off"],
  ],
  [
    "gzip that takes the type",
    { http: ["gzip on;", "gzip_types text/csv text/event-stream;"], location: [http11] },
    "buffered for gzip",
    ["gzip_types text/event-stream", "gzip on", "no proxy_buffering off"],
  ],
  [
    "gzip that takes other types",
    { http: ["gzip on;", "gzip_types text/csv;"], location: [http11] },
    "buffered for gzip",
    ["no proxy_buffering off"],
  ],
  [
    "brotli that takes the type",
    { http: ["gzip on;", "gzip_types *;", "brotli on;", "brotli_types text/event-stream;"], location: [http11] },
    "buffered for brotli",
    ["brotli_types text/event-stream", "brotli on", "no proxy_buffering off"],
  ],
  [
    "gzip and HTTP/1.0, of which neither alone is enough",
    { http: ["gzip on;", "gzip_types *;"] },
    "buffered for gzip",
    ["gzip_types *", "gzip on", "no proxy_http_version", "gzip_types * + proxy_http_version", "no proxy_buffering off"],
  ],
  [
    "limits of streams and of requests, and both together",
    { http: ["limit_conn ip 2;"], location: ["limit_req zone=ip;"] },
    "one too many",
    ["limit_req zone=ip", "limit_conn ip 2", "limit_req zone=ip + limit_conn ip 2"],
  ],
  [
    "what stands nearest goes first",
    { http: ["gzip on;", "gzip_types *;"], location: [http11, "proxy_buffering on;"] },
    "buffered for gzip",
    ["proxy_buffering on", "gzip_types *", "gzip on"],
  ],
  [
    "HTTP/1.0 in so many words",
    { server: ["proxy_http_version 1.0;"], location: [unbuffered] },
    "truncated silently",
    ["proxy_http_version 1.0"],
  ],
  [
    "a cache that sends from its file",
    { http: ["sendfile on;", "tcp_nopush on;"], location: [http11, "proxy_cache z;"] },
    "buffered",
    ["proxy_cache z", "tcp_nopush on", "sendfile on", "no proxy_buffering off"],
  ],
  ["a cache that sends from memory", { location: [http11, "proxy_cache z;"] }, "buffered", ["no proxy_buffering off"]],
  [
    "a filter with two lines, each and both",
    { location: [http11, unbuffered, "sub_filter_types *;", "sub_filter a b;", "sub_filter c d;"] },
    "lagging",
    ["sub_filter a b", "sub_filter c d", "sub_filter a b + sub_filter c d"],
  ],
  ["a filter for other types", { location: [http11, unbuffered, "sub_filter a b;"] }, "lagging", []],
  [
    "the application's wish, which is disregarded among others",
    { location: [http11, "proxy_ignore_headers Expires X-Accel-Buffering;"] },
    "held",
    ["proxy_ignore_headers Expires X-Accel-Buffering", "no proxy_buffering off"],
  ],
  ["the default timeout of 60 s", {}, "cut when silent", ["no proxy_read_timeout"]],
  [
    "the limit that was measured, wherever it stands",
    { http: ["send_timeout 60;"], location: ["proxy_read_timeout 1h;"] },
    "cut when silent",
    ["send_timeout 60", "proxy_read_timeout 1h"],
  ],
  ["a limit in a unit of its own", { http: ["proxy_read_timeout 5000ms;"] }, "cut before the first byte", ["proxy_read_timeout 5000ms"]],
  [
    "chunks turned off",
    { http: ["chunked_transfer_encoding off;"], location: [http11] },
    "truncated silently",
    ["chunked_transfer_encoding off"],
  ],
  [
    "what refuses requests",
    { http: ["limit_req zone=r;"], server: ["auth_basic x;"], location: [http11, "deny all;", "proxy_read_timeout 1h;"] },
    "refused",
    ["deny all", "proxy_read_timeout 1h", "auth_basic x", "limit_req zone=r"],
  ],
  [
    "a cache, and what has it store",
    { http: ["proxy_cache_valid 200 10m;", "proxy_cache_valid 404 1m;"], location: ["proxy_cache z;"] },
    "cached",
    ["proxy_cache z", "proxy_cache_valid 200 10m"],
  ],
  [
    "a cache that does not heed the application",
    { http: ["proxy_ignore_headers Cache-Control;"], location: ["proxy_cache z;"] },
    "cached against no-store",
    ["proxy_ignore_headers Cache-Control", "proxy_cache z"],
  ],
  ["a cache that is off here", { http: ["proxy_cache z;"], location: ["proxy_cache off;"] }, "cached", []],
  ["a lock", { location: ["proxy_cache z;", "proxy_cache_lock on;"] }, "collapsed", ["proxy_cache_lock on", "proxy_cache z"]],
  [
    "a second try, and why there was one",
    { location: ["proxy_read_timeout 2s;"] },
    "requested again",
    ["no proxy_next_upstream", "proxy_read_timeout 2s"],
  ],
  ["a copy for another server", { location: ["proxy_next_upstream off;", "mirror /copy;"] }, "requested again", ["mirror /copy"]],
  [
    "fields that are set two times",
    { server: ["add_header X-Frame-Options DENY;", "add_header Content-Type text/plain;"] },
    "altered",
    ["add_header Content-Type text/plain"],
  ],
  [
    "a client that is not missed, and a store that is filled",
    { http: ["proxy_cache z;"], location: ["proxy_ignore_client_abort on;"] },
    "lost",
    ["proxy_ignore_client_abort on", "proxy_cache z"],
  ],
  ["a limit at the top", { main: ["worker_shutdown_timeout 5s;"] }, "cut by a reload", ["worker_shutdown_timeout 5s"]],
  ["no reason at all", {}, "cut by a reload", []],
  [
    "an upgrade without any line for it",
    { location: [http11] },
    "not upgraded",
    ["no proxy_set_header Upgrade + proxy_set_header Connection"],
  ],
  [
    "an upgrade that lacks one thing",
    { location: [http11, "proxy_set_header Upgrade $http_upgrade;", 'proxy_set_header Connection "";'] },
    "not upgraded",
    ['proxy_set_header Connection ""'],
  ],
  [
    "an upgrade for which a map has no value",
    {
      http: ['map $http_upgrade $connection { default keep-alive; "" close; }'],
      location: [http11, "proxy_set_header Upgrade $http_upgrade;", "proxy_set_header Connection $connection;"],
    },
    "not upgraded",
    ["proxy_set_header Connection $connection"],
  ],
  [
    "an upgrade for which a map has a value",
    {
      http: ['map $http_upgrade $connection { default upgrade; "" close; }'],
      location: [http11, "proxy_set_header Upgrade $http_upgrade;", "proxy_set_header Connection $connection;"],
    },
    "not upgraded",
    [],
  ],
  [
    "fields that are hidden by one of the location's",
    {
      server: [http11, "proxy_set_header Upgrade $http_upgrade;", "proxy_set_header Connection $connection_upgrade;"],
      location: ["proxy_set_header Host $host;"],
    },
    "not upgraded",
    ["proxy_set_header Host $host"],
  ],
  [
    "an upload, of which nginx wants two things",
    {},
    "upload held",
    [
      "no proxy_http_version",
      "no proxy_request_buffering off",
      "no proxy_http_version + proxy_request_buffering off",
      "no client_max_body_size",
    ],
  ],
];

test.for(cases)("%s", ([, levels, what, expected]) => {
  expect(namesIn(levels, what)).toEqual(expected);
});

test("a limit that a busy machine measured too short comes first where the measurement may be off by as much", () => {
  const configuration = parsed(nginxConf({ http: ["send_timeout 60;"], location: ["proxy_read_timeout 1h;"] }));
  const measured = (uncertaintyMs: number): string[] => {
    const symptom = { ...symptoms["cut when silent"], limitMs: 47_700, uncertaintyMs };
    return suspects(configuration, routeOf(configuration), symptom).map(({ directive }) => directive);
  };
  expect(measured(500)).toEqual(["proxy_read_timeout 1h"]);
  expect(measured(12_900)).toEqual(["send_timeout 60", "proxy_read_timeout 1h"]);
});

describe("a header section that is held", () => {
  const other = `  server {
    listen 443 ssl http2;
    location /other {
      proxy_pass http://127.0.0.1:8000;
    }
  }
`;
  const heldIn = (levels: Levels, { isHttp2 = true, besides = "" } = {}): string[] => {
    const configuration = parsed(nginxConf(levels).replace("http {\n", `http {\n${besides}`));
    const route = configuration.routes.find(({ title }) => title === "location /events") ?? routeOf(configuration);
    const over = isHttp2 ? { ...route, tls: true, http2: true, port: 443 } : route;
    return suspects(configuration, over, symptoms.held).map(
      ({ directive, absent, with: partner }) => `${absent ? "no " : ""}${directive}${partner ? ` + ${partner.directive}` : ""}`,
    );
  };

  test("is buffering's before it is that of two lines together", () => {
    expect(heldIn({}, { isHttp2: false })).toEqual([
      "no proxy_http_version",
      "no proxy_buffering off",
      "no proxy_http_version + proxy_buffering off",
    ]);
  });

  test("may be HTTP/2's, with buffering and without", () => {
    const server = ["listen 443 ssl http2;"];
    expect(heldIn({ server, location: [http11] })).toEqual([
      "listen … http2",
      "no proxy_buffering off",
      "listen … http2 + proxy_buffering off",
    ]);
    expect(heldIn({ server, location: [http11, unbuffered] })).toEqual(["listen … http2"]);
    expect(heldIn({ server, location: [http11, unbuffered] }, { isHttp2: false })).toEqual([]);
  });

  test("is HTTP/2's on a socket that another server has it from", () => {
    expect(heldIn({ server: ["listen 443 ssl;"], location: [http11, unbuffered] }, { besides: other })).toEqual(["listen … http2"]);
  });
});

describe("the version counts", () => {
  test.for([
    ["nginx/1.29.6", true],
    ["nginx/1.29.7", false],
    ["nginx/1.30.0", false],
  ] as const)("%s speaks HTTP/1.0 by default: %s", ([version, is]) => {
    expect(namesIn({}, "truncated silently", version).includes("no proxy_http_version")).toBe(is);
  });

  test("and is named", () => {
    const configuration = parsed(nginxConf({}));
    expect(suspects(configuration, routeOf(configuration), symptoms.buffered)[0]?.says).toBe(
      "is not set: nginx 1.26.3 uses HTTP/1.0 to the upstream, which buffers the stream",
    );
  });
});

/** The text once the first suspect is out of the game. */
const without = (levels: Levels, what: Seen, type = "text/event-stream"): string => {
  const configuration = parsed(nginxConf(levels));
  const [first] = suspects(configuration, routeOf(configuration), { ...symptoms[what], contentType: type });
  return applyEdits(configuration.files, first?.edits ?? [])[0]?.text ?? "";
};

describe("only the suspect is taken out", () => {
  test.for([
    [{ http: ["gzip on;", "gzip_types text/csv text/event-stream;"] }, "buffered for gzip", { http: ["gzip on;", "gzip_types text/csv;"] }],
    [{ http: ["gzip on;", "gzip_types *;"] }, "buffered for gzip", { http: ["gzip on;", "gzip_types text/html;"] }],
    [
      { http: ["ssi on;", "ssi_types *;"], location: [http11] },
      "lagging",
      { http: ["ssi on;", "ssi_types *;"], location: ["ssi off;", http11] },
    ],
    [{ location: ["ssi on;", "ssi_types *;", http11] }, "lagging", { location: ["ssi off;", "ssi_types *;", http11] }],
    [{}, "truncated silently", { location: [http11] }],
    [
      { http: ["limit_conn c 1;"], location: ["proxy_read_timeout 1h;"] },
      "cut by a reload",
      { http: ["limit_conn c 1;"], location: ["proxy_read_timeout 1h;"] },
    ],
    [{ main: ["worker_shutdown_timeout 5s;"] }, "cut by a reload", {}],
    [
      { location: ["proxy_ignore_headers Expires X-Accel-Buffering;", http11] },
      "held",
      { location: ["proxy_ignore_headers Expires;", http11] },
    ],
    [
      { http: ["proxy_ignore_headers Vary;"], location: ["proxy_ignore_headers X-Accel-Buffering;", http11] },
      "held",
      { http: ["proxy_ignore_headers Vary;"], location: ["proxy_ignore_headers X-Accel-Limit-Rate;", http11] },
    ],
    [
      { server: ["proxy_set_header Host $host;", "proxy_set_header Connection close;"], location: [http11] },
      "not upgraded",
      {
        server: ["proxy_set_header Host $host;", "proxy_set_header Connection close;"],
        location: [
          "proxy_set_header Host $host;",
          "proxy_set_header Upgrade $http_upgrade;",
          'proxy_set_header Connection "upgrade";',
          http11,
        ],
      },
    ],
  ] satisfies [Levels, Seen, Levels][])("%j, %s", ([before, what, after]) => {
    expect(without(before, what)).toBe(nginxConf(after));
  });
});

test("a charset is nothing to gzip_types, another parameter is", () => {
  const levels = { http: ["gzip on;", "gzip_types text/csv text/event-stream;"], location: [http11, unbuffered] };
  const configuration = parsed(nginxConf(levels));
  const found = (contentType: string): number =>
    suspects(configuration, routeOf(configuration), { ...symptoms["buffered for gzip"], contentType }).length;
  expect(found("text/event-stream; charset=utf-8")).toBe(2);
  expect(found("Text/Event-Stream")).toBe(2);
  expect(found("text/event-stream; v=1")).toBe(0);
  expect(found("text/html")).toBe(1);
});

test.for([
  ["br, gzip;q=0.5", 2],
  ["*", 2],
  ["br", 0],
  ["gzip;q=0", 0],
] as const)("a client that accepts %s", ([acceptEncoding, count]) => {
  const configuration = parsed(nginxConf({ location: [http11, unbuffered, "gzip on;", "gzip_types *;"] }));
  expect(suspects(configuration, routeOf(configuration), { ...symptoms.buffered, acceptEncoding })).toHaveLength(count);
});

test("of a list in several rows the row of the type is to blame", () => {
  const text =
    "http {\n gzip on;\n gzip_types\n  text/csv\n  text/event-stream;\n server { location / { proxy_pass http://a; proxy_http_version 1.1; } } }";
  const configuration = parsed(text);
  const [first] = suspects(configuration, routeOf(configuration), symptoms["buffered for gzip"]);
  expect(first?.place.line).toBe(5);
  expect(first?.id).toBe(`gzip_types@${fileName}:5`);
});

test("everything in one row", () => {
  const text = "http { server { location / { proxy_pass http://a; gzip on; gzip_types text/event-stream; } } }";
  const configuration = parsed(text);
  const all = suspects(configuration, routeOf(configuration), symptoms["buffered for gzip"]);
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  const last = all.at(-1);
  expect(applyEdits(configuration.files, last?.edits ?? [])[0]?.text).toBe(text.replace("/ {", "/ { proxy_buffering off;"));
});

test("Windows' line ends, tabs and a comment after the brace stay as they are", () => {
  const text = "http {\r\n\tserver {\r\n\t\tlocation / { # ünïcode\r\n\t\t\tproxy_pass http://a;\r\n\t\t}\r\n\t}\r\n}\r\n";
  const configuration = parsed(text);
  const buffering = suspects(configuration, routeOf(configuration), symptoms.held).find(
    ({ directive, with: partner }) => directive === "proxy_buffering off" && !partner,
  );
  expect(applyEdits(configuration.files, buffering?.edits ?? [])[0]?.text).toBe(
    text.replace("ünïcode\r\n", "ünïcode\r\n\t\t\tproxy_buffering off;\r\n"),
  );
});

test("an `if` that proxies is blamed for its own lines, new ones go to its location", () => {
  const text = "http {\n server {\n  location / {\n   if ($arg_x) {\n    gzip on;\n    proxy_pass http://a;\n   }\n  }\n }\n}\n";
  const configuration = parsed(text);
  const all = suspects(configuration, routeOf(configuration), seen({ ...symptoms["buffered for gzip"], contentType: "text/html" }));
  expect(all.map(({ directive, place }) => `${directive}:${place.line}`)).toEqual([
    "gzip on:5",
    "proxy_http_version:3",
    "gzip on:5",
    "proxy_buffering off:3",
  ]);
  expect(applyEdits(configuration.files, all.at(-1)?.edits ?? [])[0]?.text).toContain("location / {\n   proxy_buffering off;\n   if");
});

test("what a limit of streams does is said with its number", () => {
  const saysOf = (levels: Levels, what: Seen): string[] => {
    const configuration = parsed(nginxConf(levels));
    return suspects(configuration, routeOf(configuration), symptoms[what]).map(({ directive, says }) => `${directive} ${says}`);
  };
  expect(saysOf({ location: ["limit_conn ip 2;"] }, "one too many")).toEqual([
    "limit_conn ip 2 refuses the 3rd concurrent stream of one address (503)",
  ]);
  expect(saysOf({ location: ["limit_req zone=ip burst=9;"] }, "one too soon")).toEqual([
    "limit_req zone=ip burst=9 delays the 2nd of the requests that one address sends at once (by up to 498 ms)",
  ]);
  const servers = "upstream app { server a:80 max_conns=2; server b:80 weight=2 max_conns=3; server c:80; }";
  const configuration = parsed(nginxConf({ http: [servers] }));
  const [suspect, ...others] = suspects(configuration, routeOf(configuration), symptoms["one too many"]);
  expect(suspect).toMatchObject({ directive: "max_conns=2", says: "refuses the 3rd concurrent stream of all clients (503)" });
  expect(others).toEqual([]);
  const [file] = applyEdits(configuration.files, suspect?.edits ?? []);
  expect(file?.text).toContain("upstream app { server a:80; server b:80 weight=2; server c:80; }");
});
