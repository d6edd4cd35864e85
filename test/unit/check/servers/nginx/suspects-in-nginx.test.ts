// No experiment, no fix and no no-effect directive taken away makes a configuration that nginx refuses, and none touches more than it says.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Edit } from "../../../../../harness/check/configuration.ts";
import { applyEdits } from "../../../../../harness/check/edits.ts";
import { noEffectCandidates } from "../../../../../harness/check/servers/nginx/no-effect.ts";
import { fixes } from "../../../../../harness/check/servers/nginx/fixes.ts";
import { suspects } from "../../../../../harness/check/servers/nginx/suspects.ts";
import { lacks, needs } from "../../../../_needs.ts";
import { nginxConf, parsed, symptoms } from "./_parsed.ts";

const run = promisify(execFile);

const installed = await run("nginx", ["-v"]).then(
  () => true,
  () => false,
);

const main = ["pid nginx.pid;", "error_log stderr emerg;"];
const http = [
  "access_log off;",
  "client_body_temp_path body;",
  "proxy_temp_path proxy;",
  "fastcgi_temp_path fastcgi;",
  "uwsgi_temp_path uwsgi;",
  "scgi_temp_path scgi;",
  "proxy_cache_path cache keys_zone=z:1m;",
  "limit_req_zone $binary_remote_addr zone=r:1m rate=1r/s;",
  "limit_conn_zone $binary_remote_addr zone=c:1m;",
];

/** Everything that somebody may be blamed for; each line may stand at any level. */
const everything = [
  "gzip on;",
  "gzip_types text/csv text/event-stream;",
  "gunzip on;",
  "sub_filter_types *;",
  "sub_filter a b;",
  "sub_filter 'c d' '';",
  "ssi on;",
  "ssi_types text/event-stream;",
  "addition_types *;",
  "add_after_body /after;",
  'add_before_body "/before";',
  "charset utf-8;",
  "limit_rate 10k;",
  "proxy_limit_rate 10k;",
  "sendfile on;",
  "tcp_nopush on;",
  "postpone_output 4000;",
  "proxy_buffering on;",
  "proxy_buffer_size 16k;",
  "proxy_buffers 4 16k;",
  "proxy_busy_buffers_size 32k;",
  "proxy_temp_file_write_size 32k;",
  "proxy_http_version 1.0;",
  "proxy_ignore_headers X-Accel-Buffering Cache-Control Set-Cookie;",
  "proxy_read_timeout 60;",
  "proxy_connect_timeout 5s;",
  "proxy_send_timeout 10s;",
  "send_timeout 10s;",
  "client_body_timeout 10s;",
  "keepalive_timeout 60 30;",
  "proxy_next_upstream error timeout http_502 non_idempotent;",
  "proxy_next_upstream_timeout 5s;",
  "chunked_transfer_encoding off;",
  "proxy_intercept_errors on;",
  "error_page 500 502 /error.html;",
  "error_page 404 = /missing.html;",
  "limit_req zone=r burst=5;",
  "limit_conn c 5;",
  "auth_request /auth;",
  'auth_basic "closed";',
  "allow 10.0.0.0/8;",
  "deny 10.1.0.0/16;",
  "deny all;",
  "client_max_body_size 1k;",
  "proxy_ssl_verify off;",
  "proxy_cache z;",
  "proxy_cache_valid 200 10m;",
  "proxy_cache_valid any 1m;",
  "proxy_cache_key $scheme$uri;",
  "proxy_cache_lock on;",
  "proxy_cache_use_stale error updating;",
  "proxy_cache_background_update on;",
  "proxy_cache_revalidate on;",
  "proxy_cache_methods GET HEAD POST;",
  "slice 1m;",
  "mirror /copy;",
  "add_header Content-Type text/plain always;",
  "add_header Transfer-Encoding chunked;",
  "add_header X-Accel-Buffering no;",
  "proxy_hide_header Content-Type;",
  "proxy_ignore_client_abort on;",
  "proxy_request_buffering on;",
  "client_body_in_file_only on;",
  "proxy_set_header Host $host;",
  'proxy_set_header Connection "close";',
  "proxy_set_header X-Accel-Buffering no;",
  "tcp_nodelay on;",
  "gzip_proxied no-cache expired;",
  "proxy_max_temp_file_size 0;",
  "proxy_cache_bypass $http_pragma;",
  "expires epoch;",
];
const inLocation = ["limit_except GET { deny all; }", "internal;", "if ($arg_no) { return 403; }"];
/** Sizes that have to agree stand in one of them. */
const mixed = (first: boolean): string[] =>
  everything.filter((line, at) => (at % 2 === 0 || /buffers?_size|proxy_buffers|write_size/.test(line)) === first);

const oneRow = (text: string): string => text.replaceAll(/\n\s*/g, " ");

const configurations: [title: string, text: string][] = [
  ["nothing", nginxConf({ main, http })],
  ["everything in http", nginxConf({ main, http: [...http, ...everything] })],
  [
    "everything in the location",
    nginxConf({ main: [...main, "worker_shutdown_timeout 5s;"], http, location: [...everything, ...inLocation] }),
  ],
  ["everything, mixed", nginxConf({ main, http: [...http, ...mixed(true)], server: mixed(false), location: mixed(true) })],
  [
    "everything, mixed, in one row",
    oneRow(nginxConf({ main, http: [...http, ...mixed(false)], location: [...mixed(true), ...inLocation] })),
  ],
  [
    "Windows' line ends",
    nginxConf({ main, http, server: ["proxy_buffering off;", "gzip on;"], location: ["gzip_types *;"] }).replaceAll("\n", "\r\n"),
  ],
  [
    "comments everywhere",
    nginxConf({ main, http, location: ["gzip on;", "ssi on;", "ssi_types *;", "proxy_cache z;"] }).replaceAll(
      /[;{]\n/g,
      (end) => `${end.trim()} # ünd "hier" {\n`,
    ),
  ],
  [
    "sizes without buffering",
    nginxConf({
      main,
      http: [...http, "proxy_buffer_size 64k;", "proxy_buffers 8 64k;"],
      location: ["proxy_busy_buffers_size 256k;", "proxy_buffering off;"],
    }),
  ],
  [
    "a location in a location",
    nginxConf({
      main,
      http,
      server: [
        "location /outer/ {",
        "gzip on;",
        "proxy_set_header Host $host;",
        "location /outer/inner { proxy_pass http://127.0.0.1:9000; }",
        "}",
      ],
    }),
  ],
  [
    "a named location",
    nginxConf({ main, http, server: ["proxy_set_header Host $host;", "location @app {", "proxy_pass http://127.0.0.1:9000;", "}"] }),
  ],
  [
    "an if that proxies",
    nginxConf({ main, http, server: ["location /if { if ($arg_a) { gzip on; limit_rate 5k; proxy_pass http://127.0.0.1:9000; } }"] }),
  ],
];

const types = ["text/event-stream; charset=utf-8", "text/html"];

const editsOf = (text: string): { what: string; edits: Edit[] }[] => {
  const configuration = parsed(text);
  return configuration.routes.flatMap((route) => [
    ...noEffectCandidates(configuration, route).map(({ id, edits }) => ({ what: `folk ${id}`, edits })),
    ...Object.entries(symptoms).flatMap(([seen, symptom]) =>
      types.flatMap((contentType) => [
        ...suspects(configuration, route, { ...symptom, contentType }).map(({ id, edits }) => ({ what: `${seen}: suspect ${id}`, edits })),
        ...fixes(configuration, route, { ...symptom, contentType }).flatMap((fix) =>
          "edits" in fix ? [{ what: `${seen}: fix ${fix.id}`, edits: fix.edits }] : [],
        ),
      ]),
    ),
  ]);
};

describe("with the nginx of this machine", needs(installed, lacks.nginx), () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "hopwise-edits-"));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const refusal = async (name: string, text: string): Promise<string | null> => {
    const own = join(folder, name);
    await mkdir(own, { recursive: true });
    await writeFile(join(own, "nginx.conf"), text);
    return run("nginx", ["-t", "-q", "-p", own, "-c", join(own, "nginx.conf"), "-e", "stderr"]).then(
      () => null,
      (error: unknown) => (error as { stderr: string }).stderr,
    );
  };

  test.for(configurations)("%s", { timeout: 120_000 }, async ([, text]) => {
    expect(await refusal("original", text)).toBe(null);
    const { files } = parsed(text);
    const texts = new Map(editsOf(text).map(({ what, edits }) => [applyEdits(files, edits)[0]?.text ?? "", what]));
    expect(texts.size).toBeGreaterThan(5);
    const refused: string[] = [];
    const queue = [...texts];
    const work = async (worker: number): Promise<void> => {
      for (let next = queue.pop(); next; next = queue.pop()) {
        const why = await refusal(String(worker), next[0]);
        if (why !== null) refused.push(`${next[1]}: ${why}`);
      }
    };
    await Promise.all([work(0), work(1)]);
    expect(refused).toEqual([]);
  });
});

test.for(configurations)("of %s whole directives are changed, or words of one", ([, text]) => {
  const { files, tree } = parsed(text);
  for (const { what, edits } of editsOf(text)) {
    const after = applyEdits(files, edits)[0]?.text ?? "";
    expect(parsed(after).tree.roots.length, what).toBeGreaterThanOrEqual(tree.roots.length - 1);
    expect(after.match(/#.*/g), what).toEqual(text.match(/#.*/g));
    expect(after, what).not.toMatch(text.includes("\r") ? /[^\r]\n/ : /\r/);
    expect(after, what).not.toBe(text);
  }
});
