// What is read of a configuration's routes, against what nginx itself does with it: servers made at random, asked one path after another.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent, createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readNginx } from "../../../../../harness/check/servers/nginx/read.ts";
import { everyDirective, find } from "../../../../../harness/check/servers/nginx/tree.ts";
import { lacks, needs } from "../../../../_needs.ts";

const installed = await promisify(execFile)("nginx", ["-v"]).then(
  () => true,
  () => false,
);

const prefixes = ["/", "/a", "/a/", "/a/b", "/ab/", "/events", "/A", "/b/c/"];
const patterns = [
  "^/a",
  "\\.json$",
  "^/(a|b)/",
  "b",
  "^/v[0-9]+/x",
  "^/a/(?<rest>.+)$",
  "^/[^/]+$",
  "/(events|logs)(/.*)?$",
  "^/A/\\d{2,}",
];
const paths = "/ /a /a/ /a/b /a/b/c /ab/ /ab/x /abc /events /events/ /events/x /A /A/12 /b/c/ /b/c/d /v1/x /v12/xy"
  .split(" ")
  .flatMap((path) => [path, `${path}.json`, `${path}/b`.replaceAll("//", "/")]);

/** What a location does; `#` is a number of its own, which its upstream is called by. */
const acts = [
  "proxy_pass http://u#;",
  "proxy_pass http://u#;",
  "proxy_pass http://u#;",
  "proxy_pass http://$up_#;",
  "return 404;",
  "return 418;",
  "return 200 static;",
  "rewrite ^/a/(.*)$ /b/$1 last; proxy_pass http://u#;",
  "rewrite ^/a/(.*)$ /b/$1 break; proxy_pass http://u#;",
  "rewrite ^/(ab|b)/(.*)$ /events/$2; proxy_pass http://u#;",
  "rewrite ^/.*\\.json$ /gone permanent; proxy_pass http://u#;",
  "try_files $uri @named;",
  "try_files $uri /events;",
  "try_files $uri =404;",
  "internal; proxy_pass http://u#;",
  "deny all; proxy_pass http://u#;",
  "limit_except GET { deny all; } proxy_pass http://u#;",
  "limit_except POST { deny all; } proxy_pass http://u#;",
  "if ($uri ~ json) { return 403; } proxy_pass http://u#;",
  "if ($uri = /a/b) { proxy_pass http://v#; } proxy_pass http://u#;",
  "if ($arg_x) { return 403; } set $y b; if ($y = b) { proxy_pass http://v#; }",
  "if ($kind = deep) { rewrite ^ /events last; } proxy_pass http://u#;",
  "if ($request_method != GET) { return 405; } proxy_pass http://u#;",
  "error_page 404 = @named; return 404;",
  "error_page 403 /a/b; deny all;",
  "",
];
const serverActs = [
  "",
  "",
  "",
  "",
  "",
  "error_page 418 = @named;",
  "rewrite ^/ab/(.*)$ /a/$1 last;",
  "if ($uri ~ ^/events/) { return 301 /x; }",
  "try_files $uri @named;",
];

interface Node {
  modifier: string;
  text: string;
  act: string;
  inner: Node[];
}

const leaf: fc.Arbitrary<Node> = fc.oneof(
  fc.record({
    modifier: fc.constantFrom("", "", "=", "^~"),
    text: fc.constantFrom(...prefixes),
    act: fc.constantFrom(...acts),
    inner: fc.constant<Node[]>([]),
  }),
  fc.record({
    modifier: fc.constantFrom("~", "~*"),
    text: fc.constantFrom(...patterns),
    act: fc.constantFrom(...acts),
    inner: fc.constant<Node[]>([]),
  }),
);
const locations: fc.Arbitrary<Node[]> = fc.array(
  fc.tuple(leaf, fc.array(leaf, { maxLength: 2 })).map(([outer, inner]): Node => ({
    ...outer,
    // nginx wants nested prefixes to begin like what is around them, and nothing within an exact one.
    inner:
      outer.modifier === "="
        ? []
        : inner.filter(
            ({ modifier, text }) => modifier.startsWith("~") || (!outer.modifier.startsWith("~") && text.startsWith(outer.text)),
          ),
  })),
  { minLength: 1, maxLength: 6 },
);
const server = fc.record({ locations, act: fc.constantFrom(...serverActs) });

let number = 0;
const numbered = (act: string): string => act.replaceAll("#", String((number += 1)));

const written = (nodes: readonly Node[], taken: Set<string>): string =>
  nodes
    .filter(({ modifier, text }) => {
      const key = `${modifier === "^~" ? "" : modifier}${text}`;
      return !taken.has(key) && Boolean(taken.add(key));
    })
    .map(({ modifier, text, act, inner }) => `location ${modifier} "${text}" {\n${numbered(act)}\n${written(inner, new Set([text]))}}\n`)
    .join("");

const textOf = (servers: readonly { locations: Node[]; act: string }[], port: number, originPort: number, folder: string): string => {
  const blocks = servers.map(
    (one, index) => `server {\nlisten 127.0.0.1:${port};\nserver_name s${index}.test;\nroot ${folder}/none;\n${one.act}
${written(one.locations, new Set())}location @named {\n${numbered("proxy_pass http://u#;")}\n}\n}\n`,
  );
  const maps = Array.from({ length: number }, (_, index) => `map $uri $up_${index + 1} { default u${index + 1}; ~none v${index + 1}; }\n`);
  const upstreams = Array.from(
    { length: number },
    (_, index) =>
      `upstream u${index + 1} { server 127.0.0.1:${originPort}; }\nupstream v${index + 1} { server 127.0.0.1:${originPort}; }\n`,
  );
  return `user root;\nworker_processes 1;\npid ${folder}/pid;\nerror_log stderr crit;\nevents { worker_connections 256; }\nhttp {
access_log off; variables_hash_max_size 65536; variables_hash_bucket_size 256; server_names_hash_max_size 8192;
client_body_temp_path ${folder}/t1; proxy_temp_path ${folder}/t2; fastcgi_temp_path ${folder}/t3; uwsgi_temp_path ${folder}/t4; scgi_temp_path ${folder}/t5;
map $uri $kind { default flat; ~^/a/b/ deep; }
${maps.join("")}${upstreams.join("")}${blocks.join("")}}\n`;
};

/** The upstream's name that a request came with, null if nginx answered itself. */
const asker =
  (port: number, agent: Agent) =>
  (host: string, path: string): Promise<string | null> =>
    new Promise((resolve, reject) => {
      get({ host: "127.0.0.1", port, path, agent, headers: { host } }, (response) => {
        response.resume().on("end", () => resolve((response.headers["x-upstream"] as string | undefined) ?? null));
      }).on("error", reject);
    });

const start = async (file: string, folder: string, ready: () => Promise<unknown>) => {
  const child = spawn("nginx", ["-p", folder, "-c", file, "-g", "daemon off;"], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = once(child, "close");
  let log = "";
  child.stderr.on("data", (piece: Buffer) => void (log += piece.toString()));
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) throw new Error(log.slice(0, 2000));
    const up = await ready().then(
      () => true,
      () => false,
    );
    if (up) break;
    await delay(20);
  }
  return {
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await ended;
    },
  };
};

const count = Number(process.env["SERVERS"] ?? 40);

test(
  "every route's path comes to its block in nginx, and a block that a plain path comes to is a route or is said to be none",
  { ...needs(installed, lacks.nginx), timeout: 60_000 },
  async () => {
    const origin = createServer((request, response) => response.setHeader("x-upstream", request.headers.host ?? "").end());
    await once(origin.listen(0, "127.0.0.1"), "listening");
    const spare = createServer();
    await once(spare.listen(0, "127.0.0.1"), "listening");
    const { port } = spare.address() as AddressInfo;
    spare.close();
    await once(spare, "close");
    const folder = await mkdtemp(join(tmpdir(), "hopwise-routes-"));
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    try {
      await chmod(folder, 0o755);
      const servers = fc.sample(server, { numRuns: count, seed: Number(process.env["SEED"] ?? 4) });
      const text = textOf(servers, port, (origin.address() as AddressInfo).port, folder);
      const file = join(folder, "nginx.conf");
      await writeFile(file, text);
      // Read as if it were reachable from elsewhere, which it need not be here.
      await writeFile(join(folder, "read.conf"), text.replaceAll("listen 127.0.0.1:", "listen "));
      const ask = asker(port, agent);
      await using _ = await start(file, folder, () => ask("s0.test", "/"));

      const { routes, tree, notChecked } = await readNginx("read.conf", { cwd: folder, env: {} });
      const blocks = new Map(
        everyDirective(tree.roots).flatMap((block) => {
          const [target] = find(block, "proxy_pass")?.args ?? [];
          return target === undefined ? [] : [[block.place.line, target.replace("http://", "").replace("$up_", "u")]];
        }),
      );
      const wrong: string[] = [];
      const known = new Set<string>();
      for (const { host, path, place } of routes) {
        const expected = blocks.get(place.line);
        known.add(`${host} ${expected}`);
        const came = await ask(host, path);
        if (came !== expected) wrong.push(`${host}${path} was to come to ${expected} in line ${place.line} and came to ${came}`);
      }
      const said = new Set(notChecked.map(({ place }) => blocks.get(place.line)));
      const missed = new Set<string>();
      for (const index of servers.keys())
        for (const path of paths) {
          const host = `s${index}.test`;
          const came = await ask(host, path);
          if (came === null || known.has(`${host} ${came}`)) continue;
          missed.add(came);
          if (!said.has(came)) wrong.push(`${host}${path} comes to ${came}, which is no route and is not left out`);
        }
      expect(wrong).toEqual([]);
      expect(routes.length).toBeGreaterThan(count);
      // Of locations in locations that only an odd path comes to.
      expect(missed.size).toBeLessThanOrEqual(0.03 * routes.length);
    } finally {
      agent.destroy();
      origin.close();
      await rm(folder, { recursive: true });
    }
  },
);
