// A server of another kind is one new folder: `check` runs it in a container, finds its faulty line, and proves the fix. In a chain
// it stands behind nginx.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { InnerPlan } from "../../harness/check/chain/link.ts";
import { check } from "../../harness/check/check.ts";
import { checksOf } from "../../harness/check/checks.ts";
import { checkableServers } from "../../harness/check/registry.ts";
import type { CheckedConfig } from "../../harness/check/server.ts";
import { readSubject } from "../../harness/check/subject.ts";
import type { BinaryServer } from "../../harness/define.ts";
import { openContainer } from "../../harness/runtime/container.ts";
import { ensureImage, nodeRecipe } from "../../harness/runtime/images.ts";
import nginx from "../../proxies/nginx.ts";
import { describeWithEngine, engine } from "./engine.ts";

const program = "/usr/local/bin/plain";
const plain: BinaryServer = {
  kind: "binary",
  clients: ["h1"],
  title: "plain",
  link: "https://plain.example",
  binary: program,
  version: { args: ["--version"], pattern: /^(plain\/\S+)/ },
  debian: { release: "forky", packages: ["nodejs"] },
  image: "plain:1",
  files: () => ({}),
  args: () => [],
  check: { args: () => [], problem: /^plain: / },
  variants: { default: { title: "as it comes" } },
};

const checks = checksOf("ndjson").filter(({ id }) => id === "events");
const written = { given: "edge.conf", purpose: "ndjson", why: "", version: "0" } as const;

let cwd = "";
beforeAll(async () => void (cwd = await mkdtemp(join(tmpdir(), "hopwise-made-up-"))));
afterAll(() => rm(cwd, { recursive: true }));

const read = async (name: string, text: string): Promise<CheckedConfig> => {
  await writeFile(join(cwd, name), text);
  const servers = await checkableServers(join(import.meta.dirname, "../unit/check/fixtures/servers"));
  const { config } = await readSubject(name, { cwd, env: {}, servers });
  return config;
};

/** With the program, which no image brings. */
const withProgram = async (config: CheckedConfig): Promise<CheckedConfig> => {
  const body = await readFile(join(import.meta.dirname, "made-up/plain.mjs"));
  return config.with({ entries: [...config.deployment.entries, { kind: "file", target: program, body, mode: 0o755 }] });
};

describeWithEngine("a made-up server", () => {
  it("is checked in a container: the faulty line, and a fix that is proven", async () => {
    await using runtime = await openContainer(engine(), () => {});
    const image = await ensureImage(engine(), nodeRecipe, () => {});
    const config = await withProgram(await read("edge.conf", "listen 8080\nprompt\nhold 10\nforward /events app:9000\n"));
    const { report } = await check({ runtime, build: { definition: plain, version: null, image }, config, checks, ...written });
    expect(report.server.version).toBe("plain/1.0");
    expect(report.findings).toMatchObject([
      { level: "error", at: { file: "edge.conf", line: 3 }, culprit: { directive: "hold 10" } },
      { rule: "no-effect", at: { file: "edge.conf", line: 2 } },
    ]);
    expect(report.findings[0]?.fix?.diff).toContain("+hold 0");
  });

  it("stands behind nginx in a chain", async () => {
    if (nginx.kind !== "binary") throw new Error("nginx is a program");
    await using runtime = await openContainer(engine(), () => {});
    const image = await ensureImage(engine(), nodeRecipe, () => {});
    const inner = await withProgram(await read("inner.conf", "listen 8080\nhold 10\nforward /events app:9000\n"));
    const site = "server { listen 80; location /events { proxy_pass http://inner:8080; proxy_http_version 1.1; proxy_buffering off; } }\n";
    const plan: InnerPlan = {
      build: { definition: plain, version: null, image, hop: "inner" },
      why: "",
      upstreams: ["inner:8080"],
      read: async (named) => inner.with({ routes: named.flatMap((_, index) => inner.routes.map((route) => ({ ...route, named: index }))) }),
      inner: [],
    };
    const build = { definition: nginx, version: null, image: null, hop: "edge" };
    const { report } = await check({ runtime, build, config: await read("site.conf", site), checks, inner: [plan], ...written });
    expect(report.proxies?.checked.map(({ service, version }) => `${service} ${version.split("/")[0]}`)).toEqual([
      "edge nginx",
      "inner plain",
    ]);
    const errors = report.findings.filter(({ level }) => level === "error");
    expect(errors).toMatchObject([
      { hop: "inner", at: { file: "inner.conf", line: 2 }, fix: { diff: expect.stringContaining("+hold 0") } },
    ]);
  });
});
