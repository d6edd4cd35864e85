// Two servers as one configuration: what each says of a route, and where changes go.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chained, withVersions } from "../../../../harness/check/chain/chained.ts";
import type { Symptom } from "../../../../harness/check/configuration.ts";
import type { CheckedConfig, InnerHop } from "../../../../harness/check/server.ts";
import { readSubject } from "../../../../harness/check/subject.ts";
import nginx from "../../../../proxies/nginx.ts";

if (nginx.kind !== "binary") throw new Error("nginx is a program");
const definition = nginx;

let cwd = "";
let both: CheckedConfig;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "hopwise-chained-"));
  await writeFile(
    join(cwd, "edge.conf"),
    "server { listen 80; gzip on;\n location /x/ { proxy_pass http://web/; }\n location /y { proxy_pass http://app:9000; } }\n",
  );
  await writeFile(join(cwd, "web.conf"), "server { listen 80;\n location / { proxy_pass http://app:8000; } }\n");
  const { config: own } = await readSubject("edge.conf", { cwd, env: {} });
  const { config } = await readSubject("web.conf", { cwd, env: {} });
  const hop: InnerHop = { build: { definition, version: null, image: null, hop: "web" }, config, upstreams: ["web:80"] };
  const [x] = own.routes.filter(({ path }) => path.startsWith("/x"));
  const [route] = config.routes;
  if (!x || !route) throw new Error("no routes");
  both = chained("edge", own, [hop], new Map([[x.id, { upstream: "web:80", hop, route }]]));
});
afterAll(() => rm(cwd, { recursive: true }));

const held = (hop?: string): Symptom => ({
  facet: "delivery",
  member: "buffered",
  acceptEncoding: null,
  cacheControl: null,
  contentType: "text/event-stream",
  ...(hop === undefined ? {} : { hop }),
});

const routeAt = (path: string) => {
  const route = both.routes.find((one) => one.path.startsWith(path));
  if (!route) throw new Error(`no route ${path}`);
  return route;
};

const filesOf = (hop?: string): string[] => [
  ...new Set(both.suspects(routeAt("/x"), held(hop)).flatMap(({ edits }) => edits.map(({ file }) => file))),
];

describe("a chain as one configuration", () => {
  it("leads each route to the application", () => {
    expect(both.routes.map(({ upstreams }) => upstreams)).toEqual([["app:8000"], ["app:9000"]]);
    expect(both.chain?.next(routeAt("/y"))).toBeNull();
  });

  it("asks the server that shows the fault, or both, the inner one first", () => {
    expect(filesOf("edge")).toEqual(["edge.conf"]);
    expect(filesOf("web")).toEqual(["web.conf"]);
    expect(filesOf()).toEqual(["web.conf", "edge.conf"]);
  });

  it("makes each edit in the server that reads the file", () => {
    const [first] = both.fixes(routeAt("/x"), held("web")).flatMap((fix) => ("edits" in fix ? [fix] : []));
    const changed = both.with({ edits: first?.edits ?? [] });
    const textOf = (config: CheckedConfig | undefined): string => config?.deployment.files.map(({ text }) => text).join("") ?? "";
    expect(textOf(changed.chain?.own)).toBe(textOf(both.chain?.own));
    expect(textOf(changed.chain?.inner[0]?.config)).not.toBe(textOf(both.chain?.inner[0]?.config));
    expect(changed.chain?.next(routeAt("/x"))?.hop).toBe(changed.chain?.inner[0]);
    expect(both.routesIn(first?.edits ?? []).map(({ id }) => id)).toEqual([routeAt("/x").id]);
  });

  it("gives each server its own version", () => {
    const versions: Record<string, string> = { edge: "nginx/1.26.3", web: "nginx/1.30.0" };
    const known = withVersions(both, (hop) => versions[hop] ?? null, "edge");
    const said = (hop: string): string =>
      known
        .suspects(routeAt("/x"), held(hop))
        .map(({ says }) => says)
        .join();
    expect(said("edge")).toContain("1.26.3");
    expect(said("web")).not.toContain("1.26.3");
  });
});
