// Which routes a line is in effect for: experiments share a server where it is not in effect for what the other one tries.
import { expect, it } from "vitest";
import { routesIn } from "../../../../../harness/check/servers/nginx/routes-in.ts";
import { readText } from "./_folder.ts";

const text = `upstream app { server web:8000; keepalive 4; }
map $http_upgrade $kind { default a; }
gzip on;
server {
  listen 443 ssl http2;
  server_name a.example;
  location /one { proxy_pass http://app; proxy_buffering off; }
  location /two { proxy_pass http://app; proxy_cache_bypass $kind; }
}
server {
  listen 443 ssl;
  listen 80;
  server_name b.example;
  location /three { proxy_pass http://app; gzip off; }
}
server {
  listen 8080;
  server_name c.example;
  location /four { proxy_pass http://app; }
}
`;

const parsed = await readText(text);

it.each([
  ["a line of one location", "proxy_buffering off;", ["/one"]],
  ["a server's own", "server_name b.example;", ["/three"]],
  ["one that holds for all of them", "gzip on;", ["/one", "/two", "/three", "/four"]],
  ["an upstream's, of which it is not known", "keepalive 4;", []],
  ["a map's", "default a;", []],
  ["a listener's, which holds for all that listen there", "listen 443 ssl http2;", ["/one", "/two", "/three"]],
  ["one that nobody else listens on", "listen 8080;", ["/four"]],
])("%s", (_, line, paths) => {
  const { file } = parsed.routes[0]!.place;
  const start = text.indexOf(line);
  const found = routesIn(parsed, [{ file, start, end: start + line.length, text: "" }]);
  expect(found.map(({ path }) => path)).toEqual(paths);
});
