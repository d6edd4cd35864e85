// Which files nginx takes for its own, where other servers could read them too.
import { expect, test } from "vitest";
import nginx from "../../../../../harness/check/servers/nginx/index.ts";

test.for([
  ["nginx.conf", "events {}\nhttp { server { listen 80; } }\n", "whole"],
  ["site.conf", "server { listen 80; location / { proxy_pass http://web; } }\n", "fragment"],
  ["snippet", "proxy_pass http://web;\n", "fragment"],
  ["open.conf", "server {\n", "fragment"],
  ["site.conf.template", "server { listen ${PORT}; }\n", "fragment"],
  ["haproxy.cfg", "frontend web\n  bind :80\n", "no"],
  ["Caddyfile", "app.example {\n  reverse_proxy web:8000\n}\n", "no"],
  ["notes.txt", "nothing\n", "no"],
] as const)("%s", ([path, text, expected]) => {
  expect(nginx.recognizes({ path, text })).toBe(expected);
});
