// What Hopwise's own build of nginx does of a configuration that was written for another.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { forOwnBuild } from "../../../../../harness/check/servers/nginx/own-build.ts";
import type { NginxConfiguration } from "../../../../../harness/check/servers/nginx/read.ts";
import { contentOf } from "../../../../../harness/check/servers/nginx/template.ts";
import { readText } from "./_folder.ts";

const whole = (main: string, http: string, location = ""): string =>
  `${main}\nevents { }\nhttp {\n${http}\nserver { listen 80; location / { proxy_pass http://app:8000; ${location} } }\n}\n`;

interface Built {
  content: string;
  stubs: string[];
  notChecked: string[];
  packages: string[];
}

const builtOf = (given: NginxConfiguration, release = "trixie"): Built => {
  const built = forOwnBuild(given, release);
  const since = <T>(all: readonly T[], before: readonly T[]): T[] => all.slice(before.length);
  const inWords = ({ what, why }: { what: string; why: string }): string => `${what}: ${why}`;
  return {
    content: Buffer.from(contentOf(built, built.files[0]!)).toString(),
    stubs: since(built.stubs, given.stubs).map(inWords),
    notChecked: since(built.notChecked, given.notChecked).map(inWords),
    packages: (built.packages ?? []).map(({ name }) => name),
  };
};

const built = async (text: string, release?: string): Promise<Built> => builtOf(await readText(text), release);

it("loads the modules that Debian has, where the configuration leaves that to its image", async () => {
  const { content, packages, stubs } = await built(whole("", "brotli on;", 'more_set_headers "X-A: 1";'));
  expect(packages).toEqual(["libnginx-mod-http-brotli-filter", "libnginx-mod-http-headers-more-filter"]);
  expect(content.split("\n")[0]).toBe(
    "load_module modules/ngx_http_brotli_filter_module.so; load_module modules/ngx_http_headers_more_filter_module.so; ",
  );
  expect(stubs).toEqual([]);
  const own = await built(whole("include /etc/nginx/modules-enabled/*.conf;", "brotli on;"));
  expect(own.content).not.toContain("load_module");
  const loaded = await built(whole("load_module /usr/lib/nginx/modules/ngx_http_brotli_filter_module.so;", "brotli on;"));
  expect(loaded.content.match(/load_module/g)).toHaveLength(1);
});

it("modules that another image has elsewhere are loaded from where Debian has them; of unknown ones the line is left out", async () => {
  const text = whole(
    "load_module /etc/nginx/modules/ngx_http_brotli_filter_module.so;\nload_module modules/ngx_http_foo_module.so;",
    "brotli on;",
  );
  const { content, packages, stubs } = await built(text);
  expect(content.match(/load_module [^;]*;/g)).toEqual(["load_module modules/ngx_http_brotli_filter_module.so;"]);
  expect(packages).toEqual(["libnginx-mod-http-brotli-filter"]);
  expect(stubs).toEqual([expect.stringMatching(/^nginx without modules\/ngx_http_foo_module\.so: /)]);
});

it("goes without a module that only a later release has", async () => {
  const text = whole("", "zstd on;\nzstd_types text/event-stream;");
  expect((await built(text, "forky")).packages).toEqual(["libnginx-mod-http-zstd-filter"]);
  const { content, notChecked, packages } = await built(text, "trixie");
  expect([packages, content.includes("zstd")]).toEqual([[], false]);
  expect(notChecked).toEqual([
    "nginx without the module http-zstd-filter: Debian's nginx of this version does not have it (zstd in site.conf:4, zstd_types in site.conf:5)",
  ]);
});

it.each([
  ["vod hls;", "nginx without nginx-vod-module", true],
  ["vhost_traffic_status_zone;", "nginx without nginx-module-vts", true],
  ["aio on;", "nginx without aio on", true],
  ["opentracing on;", "nginx without nginx-opentracing", true],
  ["geoip_country /usr/share/GeoIP/GeoIP.dat;", "nginx without databases of GeoIP", true],
  ["pagespeed on;", "nginx without ngx_pagespeed", false],
  ["testcookie on;", "nginx without testcookie-nginx-module", false],
])("%s is left out: as a stub where it leaves a stream as it is, else as not checked", async (line, what, isStub) => {
  const { content, stubs, notChecked } = await built(whole("", line));
  expect(content).not.toContain(line);
  const [said, other] = isStub ? [stubs, notChecked] : [notChecked, stubs];
  expect([said.map((one) => one.split(":")[0]), other]).toEqual([[what], []]);
});

it("variables of a database that is not there are empty", async () => {
  const { content } = await built(
    whole("", "geoip2 /db/a.mmdb {\n auto_reload 5m;\n $country default=XX country iso_code;\n}", 'add_header X-C "$country";'),
  );
  expect(content).toContain('map "" $country { default "XX"; }');
  expect(content).not.toContain("a.mmdb");
  expect(content.split("\n")).toHaveLength(whole("", "\n\n\n").split("\n").length);
});

it("an unknown directive is nginx's to refuse", async () => {
  const { content, stubs, notChecked } = await built(whole("", "proxy_bufering off;"));
  expect([content.includes("proxy_bufering off;"), stubs, notChecked]).toEqual([true, [], []]);
});

it("Lua that runs by itself stays; what needs the deployment's modules goes, with what relies on it", async () => {
  const kept = whole(
    "",
    'lua_shared_dict a 1m;\ninit_by_lua_block { local re = require("ngx.re") }',
    'header_filter_by_lua_block { ngx.header["X-A"] = "}" }',
  );
  expect((await built(kept)).stubs).toEqual([]);
  const text = whole(
    "",
    'init_by_lua_block {\n local ok, res = pcall(require, "balancer")\n balancer = res\n}\nupstream b { server 0.0.0.1; balancer_by_lua_block { balancer.balance() } }',
    "log_by_lua_block { balancer.log() } access_by_lua_file /lua/a.lua; rewrite_by_lua_block { ngx.var.x = tostring(1) }",
  );
  const { content, stubs } = await built(text);
  expect(content).not.toMatch(/balancer|a\.lua/);
  expect(content).toContain("rewrite_by_lua_block { ngx.var.x = tostring(1) }");
  expect(stubs).toEqual([
    expect.stringMatching(
      /^nginx without the Lua that needs the modules balancer: .* \(init_by_lua_block in site\.conf:4, access_by_lua_file in site\.conf:9/,
    ),
    expect.stringMatching(/^the scripted upstream at 0\.0\.0\.1, the placeholder of upstream b: /),
  ]);
});

it("of what ingress-nginx renders, everything but its Lua is left", async () => {
  const given = readFileSync(join(import.meta.dirname, "../../../../field/12-ingress-rendered/nginx.conf"), "utf8");
  const { content, packages, stubs, notChecked } = builtOf(await readText(given));
  expect(packages).toEqual(["libnginx-mod-http-lua", "libnginx-mod-http-headers-more-filter", "libnginx-mod-stream"]);
  // Of the controller's own port; it needs no module.
  expect(content.match(/\w+_by_lua\w*/g)).toEqual(["content_by_lua_block"]);
  expect(content.split("\n")).toHaveLength(given.split("\n").length);
  expect(stubs.map((one) => one.split(":")[0])).toEqual([
    "nginx without the Lua that needs the modules balancer",
    "the scripted upstream at 0.0.0.1, the placeholder of upstream upstream_balancer",
    "nginx without its stream block",
  ]);
  expect(notChecked).toEqual([]);
});
