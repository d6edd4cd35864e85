// Which proxies a compose file has, and which of them forwards to which.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSubject } from "../../../harness/check/subject.ts";
import type { Subject } from "../../../harness/check/subject.ts";

let cwd = "";
beforeAll(async () => void (cwd = await mkdtemp(join(tmpdir(), "hopwise-row-"))));
afterAll(() => rm(cwd, { recursive: true }));

const site = (locations: Record<string, string>): string =>
  `server {\n  listen 80;\n${Object.entries(locations)
    .map(([path, to]) => `  location ${path} { proxy_pass ${to}; }\n`)
    .join("")}}\n`;

const nginx = (name: string): string =>
  `  ${name}:\n    image: nginx:1.26\n    volumes: [./${name}.conf:/etc/nginx/conf.d/default.conf:ro]\n`;

/** A compose file with these services, and a site for each nginx. */
const deployment = async (folder: string, sites: Record<string, string>, others = ""): Promise<string> => {
  const given = `${folder}/compose.yaml`;
  const services = Object.keys(sites).map(nginx).join("");
  const files = { "compose.yaml": `services:\n${services}  app: { image: "app:1", expose: ["8000"] }\n${others}` };
  const all = { ...files, ...Object.fromEntries(Object.entries(sites).map(([name, text]) => [`${name}.conf`, text])) };
  for (const [name, text] of Object.entries(all)) {
    const path = join(cwd, folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  return given;
};

const read = (given: string, service?: string): Promise<Subject> =>
  readSubject(given, { cwd, env: {}, ...(service === undefined ? {} : { service }) });

const rowOf = ({ composed }: Subject): unknown =>
  composed && [composed.service, ...composed.inner.map(({ subject, upstreams }) => [upstreams, rowOf(subject)])];

describe("the proxies of a compose file", () => {
  it("stand in a row, from the one that clients reach", async () => {
    const given = await deployment("three", {
      web: site({ "/": "http://cache" }),
      edge: site({ "/": "http://web:80" }),
      cache: site({ "/": "http://app:8000" }),
    });
    expect(rowOf(await read(given))).toEqual(["edge", [["web:80"], ["web", [["cache:80"], ["cache"]]]]]);
  });

  it("may branch, beside routes that lead to the application", async () => {
    const given = await deployment("branches", {
      edge: site({ "/a/": "http://one/", "/b/": "http://two/", "/": "http://app:8000" }),
      one: site({ "/": "http://app:8000" }),
      two: site({ "/": "http://app:8000" }),
    });
    expect(rowOf(await read(given))).toEqual(["edge", [["one:80"], ["one"]], [["two:80"], ["two"]]]);
  });

  it("are named where they cannot be checked, or were not asked for", async () => {
    const given = await deployment(
      "others",
      { edge: site({ "/": "http://web" }), web: site({ "/": "http://app:8000" }) },
      "  lb: { image: traefik:v3 }\n  db: { image: postgres:17 }\n  out: { image: cloudflare/cloudflared:latest }\n",
    );
    const all = await read(given);
    expect(all.composed?.others.map(({ service, title }) => `${service}: ${title}`)).toEqual(["lb: Traefik", "out: cloudflared"]);
    const web = await read(given, "web");
    expect(rowOf(web)).toEqual(["web"]);
    expect(web.composed?.others.map(({ service }) => service)).toEqual(["lb", "out", "edge"]);
  });

  it("that are not the first get no signature and no argument: what asks for one is left out, and that is said", async () => {
    const guarded = (lines: string): string => `server { listen 80; location / { ${lines} proxy_pass http://app:8000; } }\n`;
    const link = 'secure_link $http_x_sig; secure_link_md5 "$uri$remote_addr s"; if ($secure_link = "") { return 403; }';
    const inner = `${link} if ($arg_k != v) { return 403; } if ($http_x_key != k) { return 403; }`;
    const given = await deployment("signed", { edge: guarded("").replace("app:8000", "web"), web: guarded(inner) });
    const { composed } = await read(given);
    const [web] = composed?.inner ?? [];
    const { routes, deployment: asInner } = (await web?.read([{ path: "/x" }])) ?? {};
    const [route] = routes?.filter(({ named }) => named === 0) ?? [];
    expect([route?.path, asInner?.requestHeaders?.[route?.id ?? ""], asInner?.signatures]).toEqual(["/x", [["X-Key", "k"]], []]);
    const without = asInner?.stubs.flatMap(({ what }) => (what.startsWith("nginx without the condition") ? [what] : []));
    expect(without).toEqual(["nginx without the condition if ($secure_link =)", "nginx without the condition if ($arg_k != v)"]);
    // By itself it is sent both.
    const { config } = await read(given, "web");
    expect(config.routes[0]?.path).toContain("?k=v");
    expect(Object.values(config.deployment.requestHeaders ?? {})[0]?.map(([name]) => name)).toEqual(["X-Key", "X-Sig"]);
    expect(config.deployment.signatures).toHaveLength(1);
  });

  it("are not guessed where clients reach several, or where they stand in a circle", async () => {
    const two = await deployment("two", { one: site({ "/": "http://app:8000" }), other: site({ "/": "http://app:8000" }) });
    await expect(read(two)).rejects.toThrow(
      "two/compose.yaml has 2 services that run nginx, 2 of which no other forwards to (one, other); give --service one|other",
    );
    const circle = await deployment("circle", { one: site({ "/": "http://other" }), other: site({ "/": "http://one" }) });
    await expect(read(circle)).rejects.toThrow(
      "circle/compose.yaml: services forward to each other in a circle: one → other → one; --service checks one of them",
    );
    const behind = await deployment("behind", {
      edge: site({ "/": "http://web" }),
      web: site({ "/": "http://admin" }),
      admin: site({ "/": "http://web" }),
    });
    await expect(read(behind)).rejects.toThrow("in a circle: web → admin → web");
  });

  it("is one upstream where another port is meant", async () => {
    const given = await deployment("port", { edge: site({ "/": "http://web:8080" }), web: site({ "/": "http://app:8000" }) });
    await expect(read(given)).rejects.toThrow("2 of which no other forwards to (edge, web)");
  });

  it("may have one that only serves files, which is named and not checked", async () => {
    const given = await deployment("files", { edge: site({ "/": "http://web" }), web: "server {\n  listen 80;\n  root /srv;\n}\n" });
    const edge = await read(given);
    expect(rowOf(edge)).toEqual(["edge"]);
    expect(edge.composed?.others.map(({ service }) => service)).toEqual(["web"]);
    expect(edge.config.routes.map(({ upstreams }) => upstreams)).toEqual([["web:80"]]);
  });

  it("begin with the one that has ports of the machine's, and name the others", async () => {
    const given = await deployment("published", {
      edge: site({ "/": "http://web" }),
      web: site({ "/": "http://app:8000" }),
      admin: site({ "/": "http://app:8000" }),
    });
    const path = join(cwd, given);
    await writeFile(path, (await readFile(path, "utf8")).replace("  edge:\n", '  edge:\n    ports: ["80:80"]\n'));
    const edge = await read(given);
    expect(rowOf(edge)).toEqual(["edge", [["web:80"], ["web"]]]);
    expect(edge.composed?.others.map(({ service }) => service)).toEqual(["admin"]);
  });
});
