import { expect, it } from "vitest";
import { fileOfErrorPage } from "../../../../../harness/check/servers/nginx/error-pages.ts";
import { everyDirective, parse } from "../../../../../harness/check/servers/nginx/tree.ts";

const fileIn = (server: string): (string | null)[] =>
  everyDirective(parse("site.conf", `server { ${server} }`))
    .filter(({ name }) => name === "error_page")
    .map(fileOfErrorPage);

it.each([
  ["error_page 500 502 504 /500.html; location = /500.html { root /srv/static; }", "/srv/static/500.html"],
  ["root /srv/app/; error_page 504 /50x.html;", "/srv/app/50x.html"],
  ["error_page 504 /e; location = /e { alias /srv/pages/late.html; }", "/srv/pages/late.html"],
  ["location / { root /srv/here; error_page 504 = /e.html; } root /srv;", "/srv/here/e.html"],
  ["error_page 504 /errors/late.html; location /errors/ { root /var/lib/pages; internal; }", "/var/lib/pages/errors/late.html"],
  ["error_page 504 /errors/late.html; location /errors/ { alias /var/lib/pages/; }", "/var/lib/pages/late.html"],
  ["error_page 504 /x; location /x { root /usr/share/box; rewrite (.*) /error.html break; }", "/usr/share/box/error.html"],
  ["error_page 504 /a.html; location ~ ^/(a|b)\\.html$ { root /opt/pages; internal; }", "/opt/pages/a.html"],
  ["root /srv/app; error_page 504 /50x.html; location / { try_files $uri $uri/ /index.html; }", "/srv/app/50x.html"],
  ["error_page 504 /e; location = /e { root /srv; try_files $uri =502; }", "/srv/e"],
  ["error_page 504 /e; location / { root /srv; try_files /index.html =404; }", null],
  ["error_page 504 /e.html; root /srv; location / { proxy_pass http://app; }", null],
  ["error_page 504 /e; location = /e { return 200 late; }", null],
  ["error_page 504 /e; location = /e { proxy_pass http://pages; }", null],
  ["error_page 504 @late; location @late { return 200; }", null],
  ["error_page 504 /e$arg_x; root /srv;", null],
  ["error_page 504 /e; root html;", null],
])("%s: its page is %s", (server, target) => {
  expect(fileIn(server)).toEqual([target]);
});
