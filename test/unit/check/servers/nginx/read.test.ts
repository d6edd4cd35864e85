import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDeployed } from "../../../../../harness/check/servers/nginx/read.ts";
import type { NginxConfiguration } from "../../../../../harness/check/servers/nginx/read.ts";
import { contentOf } from "../../../../../harness/check/servers/nginx/template.ts";
import { find, lookup } from "../../../../../harness/check/servers/nginx/tree.ts";
import { lacks, needs } from "../../../../_needs.ts";
import { folderOf, readText, refusalOf } from "./_folder.ts";

const site = "server { listen 80; location / { proxy_pass http://app:8000; } }\n";
const whole = (http: string, main = ""): string => `${main}\nevents { }\nhttp {\n${http}\n}\n`;

const filesOf = ({ files }: NginxConfiguration): string[] => files.map(({ path, target }) => `${path} at ${target}`);
const contents = (configuration: NginxConfiguration): string[] =>
  configuration.files.map((file) => Buffer.from(contentOf(configuration, file)).toString());
const stubsOf = ({ stubs }: NginxConfiguration): string[] => stubs.map(({ what, why }) => `${what}: ${why}`);
const entriesOf = ({ entries }: NginxConfiguration): string[] =>
  entries.map((entry) =>
    entry.kind === "certificate" ? `${entry.certificateTarget} ${entry.keyTarget} ${entry.names.join()}` : `${entry.kind} ${entry.target}`,
  );

describe("what is given", () => {
  it("may be a whole configuration with includes beside it, by the paths of the container or relative ones", async () => {
    await using folder = await folderOf({
      "deploy/nginx.conf": whole(
        "include mime.types; include /etc/nginx/conf.d/*.conf; include snippets/gzip[0-9].conf; include sites-enabled/*;",
        "user root;",
      ),
      "deploy/conf.d/b.conf": "server { server_name b; include /etc/nginx/snippets/app; }",
      "deploy/conf.d/a.conf": "server { server_name a; include snippets/app; }",
      "deploy/conf.d/a.conf.off": "broken {",
      "deploy/snippets/app": "location / { proxy_pass http://app; }",
      "deploy/snippets/gzip1.conf": "gzip on;",
      "deploy/unused.conf": "broken {",
    });
    const configuration = await folder.read("deploy/nginx.conf");
    expect(configuration.main).toBe("/etc/nginx/nginx.conf");
    expect(filesOf(configuration)).toEqual([
      "deploy/nginx.conf at /etc/nginx/nginx.conf",
      "deploy/conf.d/a.conf at /etc/nginx/conf.d/a.conf",
      "deploy/snippets/app at /etc/nginx/snippets/app",
      "deploy/conf.d/b.conf at /etc/nginx/conf.d/b.conf",
      "deploy/snippets/gzip1.conf at /etc/nginx/snippets/gzip1.conf",
    ]);
    expect(configuration.routes.map(({ id, place }) => [id, place.file, place.line])).toEqual([
      ["a/", "deploy/snippets/app", 1],
      ["b/", "deploy/snippets/app", 1],
    ]);
    expect(stubsOf(configuration)).toEqual([
      "an empty /etc/nginx/conf.d/default.conf: deploy/nginx.conf:4 (include) would find the image's own site there",
      "an empty /etc/nginx/sites-enabled/default: deploy/nginx.conf:4 (include) would find the image's own site there",
    ]);
    // What is included stands in the block that includes it.
    const http = find(configuration.tree.roots, "http");
    const server = http && find(http, "server");
    const location = server && find(server, "location");
    expect([location?.parent, server?.parent, location && lookup(location, "gzip")?.args]).toEqual([server, http, ["on"]]);
  });

  it("may be a fragment, which gets a main file of ours that is not the user's to repair", async () => {
    const configuration = await readText(`gzip on;\n${site}`);
    expect(filesOf(configuration)).toEqual(["site.conf at /etc/nginx/conf.d/default.conf"]);
    expect(entriesOf(configuration)).toEqual(["file /etc/nginx/nginx.conf"]);
    expect(stubsOf(configuration)).toEqual(["a main file at /etc/nginx/nginx.conf: the given files have no http block"]);
    const http = find(configuration.tree.roots, "http");
    const server = http && find(http, "server");
    expect(server && lookup(server, "gzip")?.place.file).toBe("site.conf");
    expect([configuration.args, configuration.daemonizes]).toEqual([["-c", "/etc/nginx/nginx.conf", "-g", "daemon off;"], false]);
  });

  it("may be a fragment that sets what main files set: ours leaves that to it, and knows the formats that it logs by", async () => {
    const mainOf = ({ entries }: NginxConfiguration): string =>
      entries
        .flatMap((entry) => (entry.kind === "file" && entry.target === "/etc/nginx/nginx.conf" ? [entry.body.toString()] : []))
        .join("");
    const plain = mainOf(await readText(site));
    for (const name of ["default_type", "access_log", "sendfile", "keepalive_timeout"])
      expect(plain).toMatch(new RegExp(`^  ${name} `, "m"));
    expect(plain).not.toContain("log_format");
    const configuration = await readText(
      `keepalive_timeout 300;\nsendfile off;\nlog_format short '$host';\naccess_log /var/log/nginx/a.log main;\n${site.replace("listen 80;", "listen 80; access_log /dev/stdout short; error_log stderr; access_log /b.log combined if=$host;")}`,
    );
    const own = mainOf(configuration);
    for (const name of ["sendfile", "keepalive_timeout", "access_log"]) expect(own).not.toMatch(new RegExp(`^  ${name} `, "m"));
    expect(own.match(/^ {2}(?:default_type|log_format) \S+/gm)).toEqual(["  log_format main", "  default_type application/octet-stream;"]);
    expect(stubsOf(configuration)[0]).toMatch(/^a main file at \/etc\/nginx\/nginx\.conf with the log format main: /);
    const http = find(configuration.tree.roots, "http");
    expect(http && find(http, "keepalive_timeout")?.args).toEqual(["300"]);
  });

  it.each([
    ["a folder with a main file", { "nginx.conf": whole("include conf.d/*.conf;"), "conf.d/x.conf": site }, 2],
    ["a folder with a main file of another name", { "main.conf": whole("include x.inc;"), "x.inc": site }, 2],
    ["a folder whose nginx.conf is a fragment", { "nginx.conf": site }, 1],
    [
      "a folder of fragments, some of which others include",
      {
        "a.conf": "server { include b.conf; include /etc/nginx/conf.d/c.conf; }",
        "b.conf": "location / { proxy_pass http://a; }",
        "c.conf": "gzip on;",
        "d.conf": "map $a $b { default 1; }",
      },
      4,
    ],
    ["a folder with a conf.d", { "conf.d/x.conf": site, Dockerfile: "FROM nginx" }, 1],
    ["a folder with sites-enabled", { "sites-enabled/x": site, "sites-available/y": "broken" }, 1],
    ["a folder with templates", { "templates/x.conf.template": site }, 1],
    ["a folder with a template", { "x.conf.template": site }, 1],
  ])("may be %s", async (_, files, count) => {
    await using folder = await folderOf(files);
    const configuration = await folder.read(".");
    expect([configuration.files.length, configuration.routes.length]).toEqual([count, 1]);
  });

  it("may be what a deployment puts in its places", async () => {
    const file = (path: string, target: string, text: string, template?: true) => ({
      path,
      target,
      text,
      bytes: Buffer.from(text),
      ...(template ? { template } : {}),
    });
    const configuration = await readDeployed(
      "docker-compose.yml",
      {
        folder: "deploy",
        main: "/usr/local/openresty/nginx/conf/nginx.conf",
        sites: ["/etc/nginx/conf.d/*.conf"],
        files: [
          file("deploy/a.tmpl", "/etc/nginx/conf.d/a.conf", "server { include /srv/x; location / { proxy_pass http://$target; } }", true),
          file("deploy/x", "/srv/x", "gzip on;"),
          file("deploy/y", "/srv/y", "broken {"),
        ],
      },
      { env: { target: "web:1" } },
    );
    expect(filesOf(configuration)).toEqual(["deploy/a.tmpl at /etc/nginx/conf.d/a.conf", "deploy/x at /srv/x"]);
    expect(configuration.upstreams.map(({ host, port }) => `${host}:${port}`)).toEqual(["web:1"]);
    expect(configuration.args.slice(0, 2)).toEqual(["-c", "/usr/local/openresty/nginx/conf/nginx.conf"]);
  });
});

describe("a template", () => {
  const text = `# \${NOTHING} here
upstream app { server \${APP_HOST}:$APP_PORT; }
server {
  listen \${PORT};
  server_name \${names};
  location / { proxy_pass http://app; proxy_set_header Host $host; \${EXTRA} }
}
`;
  const env = { APP_HOST: "web", APP_PORT: "8000", PORT: "8080", names: "a.example", EXTRA: "proxy_buffering off;\n", HOST: "unused" };

  it("is filled in, and all places are those of its own text", async () => {
    await using folder = await folderOf({ "templates/site.conf.template": text });
    const configuration = await folder.read("templates/site.conf.template", { env });
    const { routes, upstreams, ports, variables } = configuration;
    expect([routes[0]?.id, routes[0]?.place.line, ports, variables]).toEqual([
      "a.example/",
      6,
      [8080],
      { APP_HOST: "web", APP_PORT: "8000", PORT: "8080", names: "a.example", EXTRA: "proxy_buffering off;\n" },
    ]);
    const { start = 0, end = 0 } = upstreams[0]?.place ?? {};
    expect([upstreams[0]?.host, upstreams[0]?.port, text.slice(start, end)]).toEqual(["web", 8000, "${APP_HOST}:$APP_PORT"]);
    expect(configuration.files[0]?.text).toBe(text);
    expect(contents(configuration)[0]).toBe(
      text
        .replace("${APP_HOST}:$APP_PORT", "web:8000")
        .replace("${PORT}", "8080")
        .replace("${names}", "a.example")
        .replace("${EXTRA}", env.EXTRA),
    );
  });

  it("without a value is refused with the line, the name and the option; nginx's own variables are left alone", async () => {
    await using folder = await folderOf({ "x.conf.template": text, "y.conf": "server { location / { proxy_pass http://$BACKEND; } }" });
    expect(await folder.refusal("x.conf.template", { env: { ...env, EXTRA: "", APP_PORT: "1" } })).toBe("it was read");
    expect(await folder.refusal("x.conf.template", { env: { APP_HOST: "web" } })).toBe(
      "x.conf.template:2: the variable APP_PORT has no value; give it one with --env APP_PORT=value.",
    );
    expect(await folder.refusal("y.conf")).toBe("y.conf:1: the variable BACKEND has no value; give it one with --env BACKEND=value.");
    expect((await folder.read("y.conf", { env: { BACKEND: "b:1" } })).upstreams.map(({ host }) => host)).toEqual(["b"]);
  });

  it.each([":-8080", "-8080", ":=8080", ":?not set", ":+8080"])(
    "with a shell's expansion is refused, whatever has a value: ${PORT%s}",
    async (rest) => {
      const template = `server {\n  listen \${PORT${rest}};\n  location / { proxy_pass http://a; }\n}\n`;
      await using folder = await folderOf({ "site.conf.template": template });
      expect(await folder.refusal("site.conf.template", { env: { PORT: "80" } })).toMatch(
        /^site\.conf\.template:2: envsubst leaves \$\{PORT.* as it is, .*: write \$\{PORT\} and give it a value with --env PORT=value, or /,
      );
    },
  );

  it("whose variable stands for whole lines is refused for that, not for the hole in its syntax", async () => {
    expect(await refusalOf("server {\n  location / { proxy_pass http://a; }\n  ${LOCATIONS}\n}\n")).toBe(
      "site.conf:3: the variable LOCATIONS has no value; give it one with --env LOCATIONS=value.",
    );
  });

  it("of another tool is said to be one", async () => {
    expect(await refusalOf("server {\n{{ range .Hosts }} listen 80; {{ end }}\n}\n")).toMatch(
      /^site\.conf:2: .*; the file looks like a template of Go \(docker-gen, confd, consul-template\): render it first, and check what comes out$/,
    );
  });

  it("may name a variable in capitals that the configuration itself sets", async () => {
    const { upstreams } = await readText("server { set $BACKEND web:1; location / { proxy_pass http://${BACKEND}; } }");
    expect(upstreams.map(({ host }) => host)).toEqual(["web"]);
  });

  it("keeps every byte of an old encoding", async () => {
    await using folder = await folderOf({ "a.conf": Buffer.concat([Buffer.from(site), Buffer.from([0x23, 0xe9, 0x0a])]) });
    const configuration = await folder.read("a.conf");
    expect(configuration.files.map((file) => Buffer.from(contentOf(configuration, file)).at(-2))).toEqual([0xe9]);
    await writeFile(
      join(folder.path, "b.conf"),
      Buffer.concat([Buffer.from(site.replace("app", "$APP")), Buffer.from([0x23, 0xe9, 0x0a])]),
    );
    const filled = await folder.read("b.conf", { env: { APP: "app" } });
    expect(contentOf(filled, filled.files[0]!)).toEqual(Buffer.concat([Buffer.from(site), Buffer.from([0x23, 0xe9, 0x0a])]));
  });
});

describe("what is not there", () => {
  it("is stood in for, each with its line", async () => {
    const configuration = await readText(
      whole(
        `include /etc/letsencrypt/options-ssl-nginx.conf;
access_log /logs/a.log; access_log /var/log/nginx/b.log; access_log /logs/$host.log;
proxy_cache_path /data/cache/one keys_zone=a:1m;
ssl_dhparam dh.pem;
server { listen 443 ssl; server_name a.example *.b.example;
  ssl_certificate certs/a.pem; ssl_certificate_key /etc/ssl/a.key; auth_basic x; auth_basic_user_file /etc/nginx/.htpasswd;
  location / { proxy_pass http://app; } }`,
        "user deploy web; pid /run/nginx/a.pid; error_log logs/error.log;",
      ),
    );
    expect(stubsOf(configuration)).toEqual([
      "certbot's options for TLS at /etc/letsencrypt/options-ssl-nginx.conf: site.conf:4 (include) names it, and it is not there",
      "the user deploy: site.conf:1 (user) names it, and not every image has it",
      "the folder /run/nginx: site.conf:1 (pid) names it, and it is not there",
      "the folder /usr/share/nginx/logs: site.conf:1 (error_log) names it, and it is not there",
      "the folder /etc/nginx/logs: site.conf:1 (error_log) names it, and it is not there",
      "the folder /logs: site.conf:5 (access_log) names it, and it is not there",
      "the folder /data/cache: site.conf:6 (proxy_cache_path) names it, and it is not there",
      "parameters for Diffie-Hellman at /etc/nginx/dh.pem: site.conf:7 (ssl_dhparam) names it, and it is not there",
      "a certificate for a.example at /etc/nginx/certs/a.pem: site.conf:9 (ssl_certificate) names it, and it is not there",
      'a user "hopwise" at /etc/nginx/.htpasswd: site.conf:9 (auth_basic_user_file) names it, and it is not there',
    ]);
    expect(entriesOf(configuration).find((entry) => entry.includes("a.key"))).toBe(
      "/etc/nginx/certs/a.pem /etc/ssl/a.key a.example,a.b.example,hopwise.test,*.b.example",
    );
    expect(configuration.requestHeaders).toEqual({
      "a.example/": [["authorization", `Basic ${Buffer.from("hopwise:hopwise").toString("base64")}`]],
    });
    const passwd = configuration.entries.find((entry) => entry.kind === "file" && entry.target === "/etc/passwd");
    expect(passwd?.kind === "file" && passwd.body).toMatch(/^deploy:x:1\d+:1\d+::\/:\/bin\/sh$/m);
    const parameters = configuration.entries.find((entry) => entry.kind === "file" && entry.target.endsWith("dh.pem"));
    const pem = parameters?.kind === "file" ? parameters.body : "";
    // The group of RFC 3526 that node knows by name.
    expect(Buffer.from(pem.toString().replaceAll(/-----.*-----|\n/g, ""), "base64").toString("hex")).toMatch(
      /^30820108028201010 ?0?ffffffffffffffffc90fdaa2.*ffffffffffffffff020102$/,
    );
  });

  it("leaves what the user brings as it is", async () => {
    await using folder = await folderOf({
      "nginx.conf": whole(
        "server { listen 443 ssl; ssl_certificate certs/a.pem; ssl_certificate_key certs/a.key; ssl_trusted_certificate certs/chain.pem; location / { proxy_pass http://app; } }",
      ),
      "certs/a.pem": "certificate",
      "certs/a.key": Buffer.from([0, 1, 2]),
      "certs/chain.pem": "chain",
    });
    const configuration = await folder.read("nginx.conf");
    expect(filesOf(configuration).slice(1)).toEqual([
      "certs/a.pem at /etc/nginx/certs/a.pem",
      "certs/a.key at /etc/nginx/certs/a.key",
      "certs/chain.pem at /etc/nginx/certs/chain.pem",
    ]);
    expect(configuration.files.slice(1).map(({ text, bytes }) => [text, bytes.length])).toEqual([
      [null, 11],
      [null, 3],
      [null, 5],
    ]);
    expect([entriesOf(configuration), stubsOf(configuration)]).toEqual([[], []]);
  });

  it("is made together where only half of a certificate is there", async () => {
    await using folder = await folderOf({
      "a.conf":
        "server { listen 443 ssl; ssl_certificate certs/a.pem; ssl_certificate_key certs/a.key; location / { proxy_pass http://app; } }",
      "certs/a.pem": "certificate",
    });
    const configuration = await folder.read("a.conf");
    expect([configuration.files.length, entriesOf(configuration).at(-1)]).toEqual([
      1,
      "/etc/nginx/certs/a.pem /etc/nginx/certs/a.key hopwise.test",
    ]);
  });

  it("is asked of whoever starts it: addresses, names, a resolver, modules", async () => {
    const { resolvers, hosts, addresses, packages, args, daemonizes } = await readText(
      whole(
        `resolver 127.0.0.11 kube-dns:5353 valid=5s;
upstream php { server php:9000; } upstream app { server app:1; server old:2 down; }
set_real_ip_from lb.internal; set_real_ip_from 10.0.0.0/8; access_log syslog:server=logs:514,tag=x;
more_set_headers "A: 1";
server { listen 10.1.1.1:80; listen 80; location / { proxy_pass http://app; } location ~ php { fastcgi_pass php; } location /f { fastcgi_pass fpm:9000; } }`,
        "daemon off; load_module modules/ngx_http_brotli_filter_module.so;",
      ),
    );
    expect(resolvers.map(({ host, port }) => `${host}:${port}`)).toEqual(["127.0.0.11:53", "kube-dns:5353"]);
    expect(hosts.map(({ host }) => host)).toEqual(["kube-dns", "old", "lb.internal", "logs"]);
    expect(addresses.map(({ address }) => address)).toEqual(["10.1.1.1"]);
    expect(packages.map(({ name }) => name)).toEqual(["libnginx-mod-http-brotli-filter", "libnginx-mod-http-headers-more-filter"]);
    expect([args, daemonizes]).toEqual([["-c", "/etc/nginx/nginx.conf"], false]);
  });
});

describe("bad input is refused in one sentence", () => {
  it.each([
    ["nothing", "", "site.conf forwards nothing: there is no proxy_pass in it."],
    ["no configuration", "hello world", 'site.conf:1: the file ends before "hello" does: a ";" or "}" is missing'],
    ["a binary file", "server {\0}", "site.conf is binary (it holds a NUL byte), not an nginx configuration."],
    ["more than a megabyte", "#".repeat(10_000_000), "site.conf has 9.5 MB; a configuration file of more than 1 MB is not read."],
    ["a missing brace", "server {\n  listen 80;\n", 'site.conf:1: the block of "server" is never closed: a "}" is missing'],
    ["a missing include", "server {\n include app.inc; }", /^site\.conf:2: include app\.inc: there is no app\.inc in \/.*\.$/],
    [
      "an include elsewhere",
      "server {\n include /opt/app.inc; }",
      /^site\.conf:2: include \/opt\/app\.inc: there is no such file; only files of \/etc\/nginx are looked for in \/.*\.$/,
    ],
    [
      "an include that leaves the folder",
      "server { include ../app.inc; }",
      /^site\.conf:1: include \.\.\/app\.inc leads out of the folder of the configuration, \/.*; give the folder that holds both\.$/,
    ],
    ["an include of itself", "server { include /etc/nginx/conf.d/default.conf; }", "site.conf:1: includes site.conf, which includes it."],
    ["an include without a name", "include;", "site.conf:1: an include names one file or pattern."],
    [
      "a piece of a location",
      "proxy_pass http://a;\nproxy_buffering off;",
      "site.conf is a piece of a server or location block, not a configuration; give the file that includes it.",
    ],
    [
      "a web server",
      "server { root /srv; location / { try_files $uri =404; } }",
      "site.conf forwards nothing: there is no proxy_pass in it.",
    ],
    [
      "only what cannot be checked",
      "server {\n location / { memcached_pass app:1; } }",
      "site.conf forwards nothing that can be checked: memcached_pass app:1 (site.conf:2) is not checked, since the lab speaks HTTP, not what memcached_pass speaks.",
    ],
    [
      "only itself",
      "server { location / { proxy_pass http://127.0.0.1:81; } } server { listen 81; }",
      "site.conf forwards nothing that can be checked: location / (site.conf:1) is not checked, since it leads to another server of this configuration, which forwards nothing.",
    ],
    [
      "more than can be followed",
      `server { ${Array.from({ length: 6000 }, (_, index) => `location /${index} { proxy_pass http://a; }`).join("\n")} }`,
      "site.conf has 6001 servers and locations; more than 2000 are not checked at once.",
    ],
  ])("%s", async (_, text, sentence) => {
    const refusal = await refusalOf(text);
    if (typeof sentence === "string") expect(refusal).toBe(sentence);
    else expect(refusal).toMatch(sentence);
  });

  it("files that are not there, not to be read, no files, or outside of the folder", async () => {
    await using folder = await folderOf({
      "deploy/a.conf": "include x/*.conf;",
      "deploy/b.conf": "include c.conf;",
      secret: "server_name secret;",
      "deploy/d/e": "",
      "deploy/f.conf": "include c.conf;",
    });
    const at = (name: string): string => join(folder.path, "deploy", name);
    await symlink("../secret", at("c.conf"));
    await symlink("../secret", at("g.conf"));
    await symlink("..", at("x"));
    await symlink("h.conf", at("h.conf"));
    await writeFile(join(folder.path, "leaks.conf"), "");
    execFileSync("mkfifo", [at("pipe.conf")]);
    expect(await folder.refusal("nothing.conf")).toBe("nothing.conf cannot be read: there is no such file or folder.");
    expect(await folder.refusal("deploy/h.conf")).toBe("deploy/h.conf cannot be read: it is a link that leads back to itself.");
    expect(await folder.refusal("deploy/d")).toMatch(/^deploy\/d holds no nginx configuration: no nginx\.conf, and no \*\.conf/);
    expect(await folder.refusal("deploy/pipe.conf")).toBe("deploy/pipe.conf is not a regular file.");
    const inside = join(folder.path, "deploy");
    const leaves = (name: string): string => `${name} is outside of ${inside}, which is not allowed; copy the file into that folder.`;
    expect(await folder.refusal("deploy/g.conf")).toBe(leaves("deploy/g.conf"));
    expect(await folder.refusal("deploy/b.conf")).toBe(leaves("deploy/c.conf"));
    expect(await folder.refusal("deploy/a.conf")).toBe(leaves("deploy/x"));
    expect(await folder.refusal("deploy/f.conf", { inside: "." })).toBe("deploy/f.conf forwards nothing: there is no proxy_pass in it.");
  });

  it("files that may not be read", needs(process.getuid?.() !== 0, lacks.otherUser), async () => {
    await using folder = await folderOf({ "a.conf": site });
    await chmod(join(folder.path, "a.conf"), 0);
    expect(await folder.refusal("a.conf")).toBe("a.conf cannot be read: its permissions do not allow it.");
  });

  it("several whole configurations, and includes without end", async () => {
    await using folder = await folderOf({
      "x/a.conf": whole(site),
      "x/b.conf": whole(site),
      "y/nginx.conf": "include a;",
      "y/a": "include b; include b;",
    });
    expect(await folder.refusal("x")).toBe("x has several whole configurations: x/a.conf, x/b.conf. Give one of them.");
    await mkdir(join(folder.path, "z"));
    for (let depth = 0; depth < 30; depth += 1)
      await writeFile(
        join(folder.path, "z", depth === 0 ? "nginx.conf" : `${depth}`),
        depth === 29 ? "gzip on;" : `include ${depth + 1}; include ${depth + 1};`,
      );
    expect(await folder.refusal("z")).toMatch(/^z\/\d+:1: more than 2000 includes are not followed\.$/);
  });

  it("whatever the bytes: a sentence or a configuration, in bounded time", async () => {
    const pieces = fc.constantFrom(
      ..."server|{|}|;| |location /|location ~ ^/(a+)+$|location ~ (|proxy_pass http://|$a|${B}|set $a $a|map $a $a { default $b; }|upstream a { server |if ($a|)|rewrite ^ / last|include *|listen 1-70000|server_name ~(|return|try_files $uri @a|location @a|error_page 404 =|'|\"|\\|#|\n|\0|\u00e9".split(
        "|",
      ),
    );
    const bytes = fc.oneof(
      fc.array(pieces, { maxLength: 40 }).map((all) => Buffer.from(all.join(" "))),
      fc.array(pieces, { maxLength: 12 }).map((all) => Buffer.from(`server { location / { proxy_pass http://a; } ${all.join(" ")} }`)),
      fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
    );
    await using folder = await folderOf({});
    await fc.assert(
      fc.asyncProperty(bytes, async (content) => {
        await writeFile(join(folder.path, "a.conf"), content);
        expect(await folder.refusal("a.conf")).not.toContain("\n");
      }),
      { numRuns: 500 },
    );
  });

  it("patterns that take for ever on a path are not tried for ever", async () => {
    const evil = Array.from({ length: 40 }, (_, index) => `location ~ ^/(a+)+(a+)+${index}$ { proxy_pass http://a; }`).join("\n");
    const { routes, notChecked } = await readText(
      `server { location = /fine { proxy_pass http://c; } location /${"a".repeat(60)} { proxy_pass http://b; }\n${evil} }`,
    );
    expect(routes.length + notChecked.length).toBe(42);
    expect(notChecked[0]?.why).toMatch(/^whether location .* takes it cannot be determined; give a path that it serves with --path$/);
  });
});
