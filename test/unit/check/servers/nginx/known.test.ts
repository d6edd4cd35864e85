// What is known to act by itself, and is predicted where nothing can run: each line was measured on nginx 1.26, with the outcome that stands here.
import { expect, test } from "vitest";
import { checksOf } from "../../../../../harness/check/checks.ts";
import { checked } from "../../../../../harness/check/servers/nginx/checked.ts";
import { predict } from "../../../../../harness/check/predict.ts";
import { nginxConf, parsed } from "./_parsed.ts";
import type { Levels } from "./_parsed.ts";

const http11 = ["proxy_http_version 1.1;", 'proxy_set_header Connection "";'];
const off = "proxy_buffering off;";
const buffered = ["no proxy_buffering off: lagging, held"];
const cache = "proxy_cache z;";
const valid = "proxy_cache_valid any 1m;";

const cases: [title: string, levels: Levels, expected: string[]][] = [
  ["HTTP/1.1 without a buffer", { location: [off] }, []],
  ["a buffer", {}, buffered],
  ["Transfer-Encoding by add_header", { location: [off, "add_header Transfer-Encoding chunked;"] }, ["add_header: malformed"]],
  ["Content-Length by add_header", { location: [off, "add_header Content-Length 5;"] }, ["add_header: malformed"]],
  ["Connection by add_header", { location: [off, "add_header Connection keep-alive;"] }, []],
  ["Content-Type by add_header", { location: [off, "add_header Content-Type text/event-stream;"] }, []],
  ["no Content-Type", { location: [off, "proxy_hide_header Content-Type;"] }, ["proxy_hide_header: altered"]],
  ["one connection", { location: [off, "limit_conn c 1;"] }, ["limit_conn: error-response"]],
  ["200 connections", { location: [off, "limit_conn c 200;"] }, []],
  ["old workers that are ended", { main: ["worker_shutdown_timeout 1s;"], location: [off] }, ["worker_shutdown_timeout: reload"]],
  ["server-side includes", { location: [off, "ssi on;", "ssi_types *;"] }, ["ssi: held"]],
  ["server-side includes, nothing postponed", { location: [off, "ssi on;", "ssi_types *;", "postpone_output 0;"] }, []],
  ["a mirror", { location: [off, "mirror /copy;"] }, []],
  ["timeouts of other things", { location: [off, "keepalive_timeout 5s;", "send_timeout 3s;"] }, []],
  ["15 s of silence", { location: [off, "proxy_read_timeout 15s;"] }, ["proxy_read_timeout: timed-out"]],
  [
    "gzip, an outer buffer, and none here",
    { http: ["gzip on;", "gzip_types text/event-stream;", "proxy_buffering on;"], location: [off] },
    [],
  ],
  ["a cache with proxy_no_cache 1", { location: [cache, valid, "proxy_no_cache 1;"] }, buffered],
  ["a cache for which nothing is fresh", { location: [cache] }, buffered],
  ["a cache for which errors alone are fresh", { location: [cache, "proxy_cache_valid 404 1m;"] }, buffered],
  ["a cache without a buffer", { location: [cache, off] }, ["proxy_cache: not-propagated"]],
  [
    "a cache with proxy_no_cache 1 and without a buffer",
    { location: [cache, valid, "proxy_no_cache 1;", off] },
    ["proxy_cache: not-propagated"],
  ],
  [
    "a copy on the disk",
    { http: ["sendfile on;"], location: ["proxy_store /tmp/s$uri;"] },
    ["proxy_store: buffered, not-propagated", ...buffered],
  ],
  [
    "HTTP/1.0 and uploads",
    { location: ["proxy_http_version 1.0;", off, "proxy_request_buffering off;"] },
    ["proxy_http_version: truncated-silently, upload"],
  ],
];

test.for(cases)("%s", ([, levels, expected]) => {
  const lines = levels.location?.some((line) => line.startsWith("proxy_http_version")) ? [] : http11;
  const configuration = parsed(nginxConf({ ...levels, location: [...lines, ...(levels.location ?? [])] }));
  const risks = predict(checked(configuration), checksOf("sse")).filter(({ level }) => level === "risk");
  const named = risks.map(
    (one) =>
      `${one.absent ? `no ${one.directive}` : one.directive.split(" ")[0]}: ${[...new Set(one.risks.map(({ rule }) => rule))].join(", ")}`,
  );
  expect(named.toSorted()).toEqual(expected.toSorted());
});
