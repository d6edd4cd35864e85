// What a configuration says of a route's purpose: its lines, and its names.
import { expect, test } from "vitest";
import { namedLikeAStream } from "../../../harness/check/intent.ts";
import { signsOf } from "../../../harness/check/servers/nginx/signs.ts";
import { nginxConf, parsed, routeOf } from "./servers/nginx/_parsed.ts";
import type { Levels } from "./servers/nginx/_parsed.ts";

test.each([
  ["/events", true],
  ["/api/events/7", true],
  ["/stream", true],
  ["/v1/stream-logs", true],
  ["/sse", true],
  ["/ws/", true],
  ["/socket.io/", true],
  ["/mcp", true],
  ["/v1/chat/completions", true],
  ["/openai/v1/chat/completions", true],
  ["/message-bus/abc/poll", true],
  ["/api/chat", true],
  ["/", false],
  ["/api", false],
  ["/assets/x.js", false],
  ["/eventsource.js", false],
  ["/upstream", false],
  ["/news", false],
])("the path %s", (path, isStream) => {
  expect(namedLikeAStream(path)).toBe(isStream);
});

test.each<[title: string, levels: Levels, signs: string[]]>([
  ["nothing", { http: ["gzip on;"] }, []],
  ["buffering off", { location: ["proxy_buffering off;"] }, ["proxy_buffering off"]],
  ["buffering off for all", { http: ["proxy_buffering off;"] }, []],
  ["buffering off for the server", { server: ["proxy_buffering off;"] }, ["proxy_buffering off"]],
  ["a long timeout", { location: ["proxy_read_timeout 1h;"] }, ["proxy_read_timeout 1h"]],
  ["a usual timeout", { location: ["proxy_read_timeout 120s;"] }, []],
  ["the header field, to no effect", { location: ["add_header X-Accel-Buffering no;"] }, ["add_header X-Accel-Buffering no"]],
  ["a type", { location: ["add_header Content-Type text/event-stream;"] }, ["add_header Content-Type text/event-stream"]],
  ["upgrade", { location: ["proxy_set_header Upgrade $http_upgrade;"] }, ["proxy_set_header Upgrade $http_upgrade"]],
  ["chunked", { location: ["chunked_transfer_encoding on;"] }, []],
])("%s", (_, levels, signs) => {
  const configuration = parsed(nginxConf(levels));
  expect(signsOf(configuration, routeOf(configuration)).map(({ directive }) => directive)).toEqual(signs);
});
