// The forms in which configurations are brought: dumps, other places, other programs' files, and what a slip of the pen makes of a line.
import { describe, expect, it } from "vitest";
import { hintFor } from "../../../../../harness/check/servers/nginx/hints.ts";
import { folderOf, readText, refusalOf } from "./_folder.ts";

const site = "server { listen 80; location / { proxy_pass http://app:8000; } }\n";
const whole = (http: string): string => `events { }\nhttp {\n${http}\n}\n`;
const dump = [
  "nginx: the configuration file /etc/nginx/nginx.conf syntax is ok",
  "nginx: configuration file /etc/nginx/nginx.conf test is successful",
  "# configuration file /etc/nginx/nginx.conf:",
  whole("include /etc/nginx/mime.types;\ninclude sites-enabled/*;"),
  "# configuration file /etc/nginx/mime.types:",
  "types { text/html html; }\n",
  "# configuration file /etc/nginx/sites-enabled/app:",
  `\n${site}`,
  "",
].join("\n");

describe("a dump of nginx -T", () => {
  it("is read with the files and lines that its markers name", async () => {
    await using folder = await folderOf({ "nginx.dump": dump });
    const { main, files, routes, fragments } = { fragments: null, ...(await folder.read("nginx.dump")) };
    expect([main, fragments]).toEqual(["/etc/nginx/nginx.conf", null]);
    expect(files.map(({ path, target, isCopy }) => [path, target, isCopy])).toEqual([
      ["/etc/nginx/nginx.conf", "/etc/nginx/nginx.conf", true],
      ["/etc/nginx/mime.types", "/etc/nginx/mime.types", true],
      ["/etc/nginx/sites-enabled/app", "/etc/nginx/sites-enabled/app", true],
    ]);
    expect(routes.map(({ place }) => `${place.file}:${place.line}`)).toEqual(["/etc/nginx/sites-enabled/app:2"]);
  });

  it("names the files themselves where they lie beside it, unless they have changed since", async () => {
    const files = { "sites-enabled/app": `\n${site}`, "nginx.conf": "events { }\n", "nginx.dump": dump };
    await using folder = await folderOf(files);
    const read = (await folder.read("nginx.dump")).files.map(({ path, isCopy = false }) => [path, isCopy]);
    expect(read).toEqual([
      ["/etc/nginx/nginx.conf", true],
      ["/etc/nginx/mime.types", true],
      ["sites-enabled/app", false],
    ]);
  });

  it("may come from a terminal, whose lines end with CRLF, and from another prefix", async () => {
    await using folder = await folderOf({ "nginx.dump": dump.replaceAll("/etc/nginx", "/opt/app/conf").replaceAll("\n", "\r\n") });
    const { main, routes, args } = await folder.read("nginx.dump");
    expect([main, routes.length, args.slice(0, 2)]).toEqual(["/opt/app/conf/nginx.conf", 1, ["-c", "/opt/app/conf/nginx.conf"]]);
  });

  it("lacks a file that it should have: that is said", async () => {
    await using folder = await folderOf({ "nginx.dump": dump.replace("sites-enabled/*", "app.conf") });
    expect(await folder.refusal("nginx.dump")).toBe("/etc/nginx/nginx.conf:4: include app.conf: there is no app.conf in nginx.dump.");
  });
});

describe("configurations that live elsewhere than in /etc/nginx", () => {
  it.each([
    ["main.conf", { "main.conf": whole("include /opt/app/conf.d/*.conf;"), "conf.d/a.conf": site }],
    ["main.conf", { "main.conf": whole("include /srv/x/nginx/one.conf;"), "nginx/one.conf": site }],
    ["a.conf", { "a.conf": `include /usr/local/nginx/conf/maps.inc;\n${site}`, "maps.inc": "map $a $b { default 1; }" }],
    [".", { "nginx.conf": whole("include /etc/nginx/sites-enabled/*;"), "etc/nginx/sites-enabled/a": site }],
    [".", { "nginx.conf": whole("include /data/a.inc; include /data/b.inc;"), "a.inc": site, "b.inc": "gzip on;" }],
  ])("are found by the absolute paths of their includes: %s", async (given, files) => {
    await using folder = await folderOf(files);
    expect((await folder.read(given)).routes).toHaveLength(1);
  });

  it("an include that nothing stands for is refused as before", async () => {
    await using folder = await folderOf({ "nginx.conf": whole("include /opt/app/gone.conf;"), "conf.d/a.conf": site });
    expect(await folder.refusal("nginx.conf")).toContain("include /opt/app/gone.conf: there is no such file");
  });
});

describe("what is given by mistake", () => {
  it.each([
    ["Caddyfile", "app.example {\n\treverse_proxy web:8000\n}\n", "Caddyfile is a Caddyfile, not a configuration of nginx"],
    ["site.conf", "app.example {\n\tencode gzip\n\treverse_proxy web:8000\n}\n", "site.conf is a Caddyfile"],
    [
      "haproxy.cfg",
      "global\n  maxconn 100\nfrontend web\n  bind :80\n  default_backend app\n",
      "haproxy.cfg is a configuration of HAProxy",
    ],
    ["proxy.conf", "<VirtualHost *:80>\n  ProxyPass / http://app:8000/\n</VirtualHost>\n", "proxy.conf is a configuration of Apache"],
    ["default.vcl", 'vcl 4.1;\nbackend default { .host = "app"; }\n', "default.vcl is a configuration of Varnish (VCL)"],
    ["traefik.toml", '[http.routers]\n  [http.routers.a]\n    rule = "Host(`a`)"\n', "traefik.toml is a configuration of Traefik"],
    ["caddy.json", '{ "apps": { "http": {} } }\n', "caddy.json is JSON"],
    ["Dockerfile", "FROM nginx:1.26\nCOPY nginx.conf /etc/nginx/nginx.conf\n", "Dockerfile is a Dockerfile"],
    ["run.sh", "#!/bin/sh\nexec nginx\n", "run.sh is a script"],
    ["index.html", "<!doctype html>\n<html></html>\n", "index.html is a page of HTML"],
  ])("%s is named for what it is", async (name, text, says) => {
    await using folder = await folderOf({ [name]: text });
    expect(await folder.refusal(name)).toContain(says);
  });

  it.each([
    ["a.conf.j2", "server {\n  {% if tls %}\n  listen 443 ssl;\n  {% endif %}\n}\n", "Jinja (Ansible, Salt)"],
    ["a.conf", "server {\n  listen {{ .Values.port }};\n}\n", "Helm"],
    ["a.tmpl", "{{ range $host, $c := . }}\nserver { server_name {{ $host }}; }\n{{ end }}\n", "Go (docker-gen, confd, consul-template)"],
    ["a.conf.erb", "server {\n  <% @names.each do |name| %> {\n  <% end %>\n}\n", "ERB (Chef, Puppet)"],
    // nginx would read these as words.
    ["port.conf", 'server {\n  listen <%= ENV["PORT"] %>;\n}\n', "ERB (Chef, Puppet)"],
    ["names.conf", "server {\n  server_name {% if www %} www.example {% endif %};\n}\n", "Jinja (Ansible, Salt)"],
  ])("%s is a template of another tool", async (name, text, tool) => {
    await using folder = await folderOf({ [name]: text });
    expect(await folder.refusal(name)).toContain(`looks like a template of ${tool}: render it first`);
  });

  it.each([
    ["in Lua", "content_by_lua_block { template.render([[ {% for i = 1, 3 do %} <% x %> {% end %} ]]) }"],
    ["in a string of several lines", "return 503 '\n<html>\n<%-- maintenance --%>\n</html>';"],
    ["that are a whole string", "sub_filter '<%=name%>' '%>';"],
    ["in a comment", "return 200; # was: <%= port %>"],
    ["after escaped quotes", `return 200 '{"a":"\\'{% b"}';`],
  ])("tags %s are none of a template", async (_, line) => {
    const server = `server { listen 80; location /a { ${line}\n} location / { proxy_pass http://app:8000; } }`;
    await using folder = await folderOf({ "a.conf": server });
    expect(await folder.refusal("a.conf")).toBe("it was read");
  });

  it("a folder with a deployment is answered with what to give", async () => {
    await using folder = await folderOf({ "deploy/docker-compose.yml": "services: {}", "deploy/readme.md": "" });
    expect(await folder.refusal("deploy")).toBe(
      "deploy holds no nginx configuration of its own, but a deployment; give that: deploy/docker-compose.yml",
    );
  });

  it("a folder whose configurations lie deeper is answered with what to give", async () => {
    await using folder = await folderOf({
      "app/docker/dev/nginx.conf": whole(""),
      "app/docker/prod/nginx.conf": whole(""),
      "app/node_modules/a/nginx.conf": whole(""),
    });
    expect(await folder.refusal("app")).toMatch(
      / Give one of the files in it that can be checked: app\/docker\/dev\/nginx\.conf, app\/docker\/prod\/nginx\.conf$/,
    );
  });

  it("a byte order mark is what nginx refuses, in an include too; CRLF is nothing", async () => {
    await using folder = await folderOf({
      "bom.conf": `\uFEFF${site}`,
      "nginx.conf": whole("include bom.conf;"),
      "utf16.conf": Buffer.from(`\uFEFF${site}`, "utf16le"),
    });
    const says = "bom.conf:1: the file begins with a byte order mark, which nginx refuses; save it as UTF-8 without one.";
    expect([await folder.refusal("bom.conf"), await folder.refusal("nginx.conf")]).toEqual([says, says]);
    expect(await folder.refusal("utf16.conf")).toMatch(/^utf16\.conf:1: the file is UTF-16/);
    expect((await readText(site.replaceAll("{ ", "{\r\n"))).routes).toHaveLength(1);
  });

  it("a missing semicolon is told with the line that lacks it", async () => {
    expect(await refusalOf("server {\n listen 80;\n location / { proxy_pass http://a }\n}")).toBe(
      'site.conf:3: the directive "proxy_pass" lacks its ";": a "}" follows it',
    );
  });
});

describe("what may have been meant", () => {
  it.each([
    ["proxy_read_timeout: 24h;", 'unknown directive "proxy_read_timeout:" in site.conf:2', "did you mean proxy_read_timeout 24h;"],
    ["proxy_bufering off;", 'unknown directive "proxy_bufering" in site.conf:2', "did you mean proxy_buffering off;"],
    ["“gzip” on;", 'unknown directive "“gzip”" in site.conf:2', "curly quotes are letters for nginx: write \" or '"],
    ["vod hls;", 'unknown directive "vod" in site.conf:2', null],
    [
      "keepalive_timeout 65\ngzip on;",
      'invalid number of arguments in "keepalive_timeout" directive in site.conf:3',
      'a ";" is missing at the end of line 2',
    ],
    ["keepalive_timeout 6 5 7;", 'invalid number of arguments in "keepalive_timeout" directive in site.conf:2', null],
  ])("by %s", async (line, refusal, hint) => {
    const configuration = await readText(`#\n${line}\n${site}`);
    expect(hintFor(configuration, `nginx refuses the configuration: nginx: [emerg] ${refusal}`)).toBe(hint);
  });
});
