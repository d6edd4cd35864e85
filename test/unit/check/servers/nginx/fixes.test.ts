import { describe, expect, test } from "vitest";
import type { Fix } from "../../../../../harness/check/configuration.ts";
import { applyEdits } from "../../../../../harness/check/edits.ts";
import { fixes } from "../../../../../harness/check/servers/nginx/fixes.ts";
import { folderOf } from "./_folder.ts";
import { nginxConf, parsed, routeOf, symptoms } from "./_parsed.ts";
import type { Levels, Seen } from "./_parsed.ts";

const http11 = "proxy_http_version 1.1;";
const noConnection = 'proxy_set_header Connection "";';

const fixesFor = (levels: Levels, what: Seen) => {
  const configuration = parsed(nginxConf(levels));
  return { configuration, all: fixes(configuration, routeOf(configuration), symptoms[what]) };
};

/** The location as each fix leaves it, or what the application has to send. */
const proposals: [title: string, before: Levels, what: Seen, after: (Levels | string)[]][] = [
  [
    "HTTP/1.1 goes before buffering, and the application comes last",
    {},
    "buffered",
    [{ location: [http11, noConnection] }, { location: ["proxy_buffering off;"] }, "X-Accel-Buffering: no"],
  ],
  [
    "fields of the location's own stay in effect",
    { location: ["proxy_set_header Host $host;"] },
    "truncated silently",
    [{ location: [http11, noConnection, "proxy_set_header Host $host;"] }],
  ],
  [
    "fields that it inherits are not hidden",
    { server: ["proxy_set_header Host $host;"] },
    "truncated silently",
    [{ server: ["proxy_set_header Host $host;"], location: [http11] }],
  ],
  [
    "a version that is asked for is replaced where it stands",
    { location: ["proxy_http_version 1.0;", "proxy_set_header Connection close;"] },
    "truncated silently",
    [{ location: [http11, "proxy_set_header Connection close;"] }],
  ],
  [
    "a server's version is overruled in the location",
    { server: ["proxy_http_version 1.0;"] },
    "truncated silently",
    [{ server: ["proxy_http_version 1.0;"], location: [http11, noConnection] }],
  ],
  [
    "of gzip the type is taken out where it stands",
    { http: ["gzip on;", "gzip_types text/csv text/event-stream;"], location: [http11] },
    "buffered for gzip",
    [
      { http: ["gzip on;", "gzip_types text/csv;"], location: [http11] },
      { http: ["gzip on;", "gzip_types text/csv text/event-stream;"], location: ["proxy_buffering off;", http11] },
      "X-Accel-Buffering: no",
    ],
  ],
  [
    "the only type takes the line along",
    { http: ["gzip on;"], location: ["gzip_types text/event-stream;", http11] },
    "buffered for gzip",
    [
      { http: ["gzip on;"], location: [http11] },
      { http: ["gzip on;"], location: ["proxy_buffering off;", "gzip_types text/event-stream;", http11] },
      "X-Accel-Buffering: no",
    ],
  ],
  [
    "where all types are meant, gzip is off here",
    { http: ["gzip on;", "gzip_types *;"], location: [http11] },
    "buffered for gzip",
    [
      { http: ["gzip on;", "gzip_types *;"], location: ["gzip off;", http11] },
      { http: ["gzip on;", "gzip_types *;"], location: ["proxy_buffering off;", http11] },
      "X-Accel-Buffering: no",
    ],
  ],
  [
    "two causes have a fix each, and one of both",
    { http: ["gzip on;", "gzip_types *;"] },
    "buffered for gzip",
    [
      { http: ["gzip on;", "gzip_types *;"], location: ["gzip off;"] },
      { http: ["gzip on;", "gzip_types *;"], location: [http11, noConnection] },
      { http: ["gzip on;", "gzip_types *;"], location: ["gzip off;", http11, noConnection] },
      { http: ["gzip on;", "gzip_types *;"], location: ["proxy_buffering off;"] },
      "X-Accel-Buffering: no",
    ],
  ],
  [
    "a header section is let go with the body, or alone",
    { location: [http11] },
    "held",
    [{ location: ["proxy_buffering off;", http11] }, { location: ["postpone_output 0;", http11] }, "X-Accel-Buffering: no"],
  ],
  [
    "with a store the header section alone goes first",
    { location: [http11, "proxy_cache z;"] },
    "held",
    [
      { location: ["postpone_output 0;", http11, "proxy_cache z;"] },
      { location: ["proxy_buffering off;", http11, "proxy_cache z;"] },
      "X-Accel-Buffering: no",
    ],
  ],
  [
    "a limit is raised here",
    { http: ["proxy_read_timeout 10;"] },
    "cut when silent",
    [{ http: ["proxy_read_timeout 10;"], location: ["proxy_read_timeout 1h;"] }],
  ],
  ["the default limit too", {}, "cut when silent", [{ location: ["proxy_read_timeout 1h;"] }]],
  ["an hour is enough", { location: ["proxy_read_timeout 24h;"] }, "cut when silent", []],
  [
    "a line that does harm is taken out",
    { location: [http11, "chunked_transfer_encoding off;"] },
    "truncated silently",
    [{ location: [http11] }],
  ],
  [
    "an outer one is undone",
    { http: ["chunked_transfer_encoding off;"], location: [http11] },
    "truncated silently",
    [{ http: ["chunked_transfer_encoding off;"], location: ["chunked_transfer_encoding on;", http11] }],
  ],
  [
    "so is one that hides another",
    { http: ["proxy_ignore_client_abort on;"], location: ["proxy_ignore_client_abort on;"] },
    "lost",
    [{ http: ["proxy_ignore_client_abort on;"], location: ["proxy_ignore_client_abort off;"] }, "Cache-Control: no-store"],
  ],
  [
    "a cache is off here, or heeds the application",
    { http: ["proxy_cache z;", "proxy_ignore_headers Cache-Control Vary X-Accel-Buffering;"] },
    "cached against no-store",
    [
      { http: ["proxy_cache z;", "proxy_ignore_headers X-Accel-Buffering;"] },
      { http: ["proxy_cache z;", "proxy_ignore_headers Cache-Control Vary X-Accel-Buffering;"], location: ["proxy_cache off;"] },
      "Cache-Control: no-store",
    ],
  ],
  [
    "both that keep a client that has left",
    { location: ["proxy_cache z;", "proxy_ignore_client_abort on;"] },
    "lost",
    [
      { location: ["proxy_cache z;"] },
      { location: ["proxy_cache off;", "proxy_ignore_client_abort on;"] },
      { location: ["proxy_cache off;"] },
      "Cache-Control: no-store",
    ],
  ],
  [
    "a browser's streams are let through, by each limit or by both",
    { http: ["limit_conn ip 2;"], location: [http11, "limit_req zone=ip burst=2 delay=1;"] },
    "one too many",
    [
      { http: ["limit_conn ip 6;"], location: [http11, "limit_req zone=ip burst=2 delay=1;"] },
      { http: ["limit_conn ip 2;"], location: [http11, "limit_req zone=ip burst=5 nodelay;"] },
      { http: ["limit_conn ip 6;"], location: [http11, "limit_req zone=ip burst=5 nodelay;"] },
    ],
  ],
  [
    "a burst that is large enough is let through at once",
    { location: [http11, "limit_req zone=ip burst=20;", "limit_conn ip 20;"] },
    "one too soon",
    [{ location: [http11, "limit_req zone=ip burst=20 nodelay;", "limit_conn ip 20;"] }],
  ],
  ["a limit beyond a browser's streams is left alone", { location: ["limit_req zone=ip burst=20 delay=8;"] }, "one too many", []],
  [
    "what changes the body is confined to pages",
    { http: ["sub_filter a b;", "sub_filter_types *;"] },
    "altered",
    [{ http: ["sub_filter a b;", "sub_filter_types *;"], location: ["sub_filter_types text/html;"] }],
  ],
  ["a field that is set two times", { location: ["add_header Content-Type text/plain;"] }, "altered", [{}]],
  ["a limit on old workers", { main: ["worker_shutdown_timeout 5s;"] }, "cut by a reload", [{}]],
  [
    "an upgrade keeps what is inherited",
    { server: ["proxy_set_header Host $host;"], location: [http11] },
    "not upgraded",
    [
      {
        server: ["proxy_set_header Host $host;"],
        location: [
          "proxy_set_header Host $host;",
          "proxy_set_header Upgrade $http_upgrade;",
          'proxy_set_header Connection "upgrade";',
          http11,
        ],
      },
    ],
  ],
  [
    "an upload in pieces needs two things",
    { location: ["client_max_body_size 0;"] },
    "upload held",
    [
      { location: ["proxy_request_buffering off;", "client_max_body_size 0;"] },
      { location: [http11, noConnection, "client_max_body_size 0;"] },
      { location: [http11, noConnection, "proxy_request_buffering off;", "client_max_body_size 0;"] },
    ],
  ],
];

test.for(proposals)("%s", ([, before, what, after]) => {
  const { configuration, all } = fixesFor(before, what);
  const reported = all.map((fix) =>
    "edits" in fix
      ? sorted(applyEdits(configuration.files, fix.edits)[0]?.text ?? "")
      : fix.headers.map(([name, value]) => `${name}: ${value}`).join(),
  );
  expect(reported).toEqual(after.map((one) => (typeof one === "string" ? one : sorted(nginxConf(one)))));
});

/** nginx does not mind the order of a block's lines. */
const sorted = (text: string): string => {
  const lines = text.split("\n");
  const [open, close] = [lines.indexOf("    location /events {"), lines.lastIndexOf("    }")];
  return [...lines.slice(0, open + 1), ...lines.slice(open + 1, close).toSorted(), ...lines.slice(close)].join("\n");
};

describe("what is reported of each", () => {
  const every = (Object.keys(symptoms) as Seen[]).flatMap((what) =>
    fixesFor({ http: ["gzip on;", "gzip_types *;", "proxy_cache z;"], location: ["sub_filter a b;"] }, what).all.map((fix) => ({
      what,
      fix,
    })),
  );

  test.for(every)("$what: $fix.id has a title and a page", ({ fix }) => {
    expect(fix.title).toMatch(/^[a-z].{8,}[^.]$/);
    expect(fix.link).toMatch(/^https:\/\/nginx\.org\/en\/docs\/http\/[a-z_]+\.html/);
  });

  test("the cost of a fix with several parts is that of all", () => {
    const { all } = fixesFor({ http: ["gzip on;", "gzip_types *;"], location: ["limit_rate 1k;"] }, "buffered for gzip");
    const both = all.filter((one): one is Fix => "edits" in one).find(({ id }) => id === "gzip+proxy_http_version+limit_rate");
    expect(both?.cost).toBe("this location is no longer compressed; clients of this location are no longer rate-limited");
    expect(both?.title).toBe(
      "gzip off: disable compression for this location; proxy_http_version 1.1: use HTTP/1.1 to the upstream; limit_rate 0: remove the rate limit for this location",
    );
  });

  test("of a rate limit, which nginx has for buffered responses only", () => {
    const costs = (...location: string[]): (string | null | undefined)[] =>
      fixesFor({ location }, "buffered").all.flatMap((fix) => ("edits" in fix && fix.id === "proxy_buffering" ? [fix.cost] : []));
    expect(costs("limit_rate 32k;")).toEqual(["limit_rate no longer limits its responses; a slow client keeps the application waiting"]);
    expect(costs("limit_rate 0;")).toEqual(["a slow client keeps the application waiting"]);
  });
});

test("a line of a file that several locations include is one change for all of them", async () => {
  const location = (path: string): string => `location ${path} { include proxy.conf; proxy_pass http://app; }\n`;
  await using folder = await folderOf({
    "proxy.conf": "proxy_set_header Host $host;\nproxy_http_version 1.0;\n",
    "nginx.conf": `events {} http { server {\n${location("/a")}${location("/b")}} }`,
  });
  const configuration = await folder.read("nginx.conf");
  const edits = configuration.routes.map(
    (route) => fixes(configuration, route, symptoms["truncated silently"]).find((one): one is Fix => "edits" in one)?.edits,
  );
  expect(edits[0]).toEqual([expect.objectContaining({ file: "proxy.conf", text: http11 })]);
  expect(edits[1]).toEqual(edits[0]);
});
