import { expect, test } from "vitest";
import { applyEdits } from "../../../../../harness/check/edits.ts";
import { noEffectCandidates } from "../../../../../harness/check/servers/nginx/no-effect.ts";
import { nginxConf, parsed, routeOf } from "./_parsed.ts";
import type { Levels } from "./_parsed.ts";

const found = (levels: Levels, version?: string) => {
  const configuration = parsed(nginxConf(levels), version);
  return noEffectCandidates(configuration, routeOf(configuration)).map((noEffect) => ({
    ...noEffect,
    after: applyEdits(configuration.files, noEffect.edits)[0]?.text,
  }));
};

test.for([
  [{ location: ["add_header X-Accel-Buffering no;"] }, ["add_header X-Accel-Buffering no"]],
  [{ server: ["add_header 'x-accel-buffering' 'no' always;"] }, ["add_header 'x-accel-buffering' 'no' always"]],
  [{ location: ["proxy_set_header X-Accel-Buffering no;"] }, ["proxy_set_header X-Accel-Buffering no"]],
  [{ location: ["proxy_hide_header X-Accel-Buffering;", "add_header X-Frame-Options DENY;"] }, []],
  [{ location: ["add_header Cache-Control no-cache;"] }, []],
  [{ location: ["add_header Cache-Control no-cache;", "proxy_cache z;"] }, ["add_header Cache-Control no-cache"]],
  [{ location: ['add_header Cache-Control "public, max-age=5";', "proxy_cache z;"] }, []],
  [{ http: ["chunked_transfer_encoding on;"] }, ["chunked_transfer_encoding on"]],
  [{ http: ["tcp_nodelay on;", "tcp_nopush off;", "sendfile off;", "keepalive_timeout 0;"] }, []],
  [{ location: ["tcp_nodelay on;", "tcp_nopush on;", "sendfile off;"] }, ["tcp_nodelay on", "sendfile off"]],
  [{ location: ["keepalive_timeout 65;", "send_timeout 30s;"] }, []],
  [{ location: ["keepalive_timeout 0;", "proxy_send_timeout 86400;"] }, ["keepalive_timeout 0", "proxy_send_timeout 86400"]],
  [{ location: ["proxy_ignore_client_abort off;"] }, []],
  [{ location: ["proxy_cache off;"] }, ["proxy_cache off"]],
  [{ http: ["proxy_cache z;"], location: ["proxy_cache off;"] }, []],
  [{ location: ["proxy_cache_bypass $http_upgrade;"] }, ["proxy_cache_bypass $http_upgrade"]],
  [{ location: ["proxy_cache_bypass $http_pragma;", "proxy_cache z;"] }, []],
  [{ location: ['proxy_set_header Connection "";'] }, ['proxy_set_header Connection ""']],
  [{ location: ['proxy_set_header Connection "";', "proxy_http_version 1.1;"] }, []],
  [{ http: ["add_header X-Accel-Buffering no;"], location: ["add_header X-Frame-Options DENY;"] }, []],
  [{}, []],
] satisfies [Levels, string[]][])("of %j these are said to help: %j", ([levels, expected]) => {
  expect(found(levels).map(({ directive }) => directive)).toEqual(expected);
});

test("the line is taken away, and nothing else", () => {
  const [first] = found({ http: ["gzip on;"], location: ["add_header X-Accel-Buffering no;", "proxy_buffering off;"] });
  expect(first?.after).toBe(nginxConf({ http: ["gzip on;"], location: ["proxy_buffering off;"] }));
  expect(first?.place).toMatchObject({ line: 6, column: 7 });
  expect(first?.belief).toBe("disable buffering");
});

test("outer fields do not come into effect because of it", () => {
  const server = ["add_header Content-Type text/plain;", "proxy_set_header Host $host;"];
  const location = ["add_header X-Accel-Buffering no;", "proxy_set_header X-Accel-Buffering no;"];
  expect(found({ server, location }).map(({ after }) => after)).toEqual([
    nginxConf({ server, location: ['add_header X-Accel-Buffering "";', location[1] ?? ""] }),
    nginxConf({ server, location: [location[0] ?? "", 'proxy_set_header X-Accel-Buffering "";'] }),
  ]);
});

test("where HTTP/1.1 is the default, an empty Connection has its use", () => {
  const levels = { location: ['proxy_set_header Connection "";'] };
  expect(found(levels, "nginx/1.30.0")).toHaveLength(0);
});
