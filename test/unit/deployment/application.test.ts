// The application of a compose file as it would be started: which services in which order, from what, with which files.
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packaging } from "../../../harness/check/servers/nginx/packaging.ts";
import { readApplication } from "../../../harness/deployment/application.ts";
import type { ServicePlan } from "../../../harness/runtime/service.ts";
import { deployment } from "./_deployment.ts";
import type { Files } from "./_deployment.ts";

const { isConfiguration } = packaging;

const plan = async (files: Files, wanted = ["web"]): Promise<{ services: ServicePlan[]; notChecked: string[] }> => {
  const cwd = await deployment(files);
  const { services, notDone } = await readApplication("deploy/compose.yml", wanted, { cwd, env: {}, proxy: "edge", isConfiguration });
  return { services, notChecked: notDone.map(({ what }) => what) };
};

const compose = (...lines: string[]): Files => ({
  "compose.yml": ["services:", "  edge: { image: nginx, depends_on: [web] }", ...lines.map((line) => `  ${line}`), ""].join("\n"),
});

const filesOf = ({ files }: ServicePlan): string[] =>
  files.map((one) => `${one.kind} ${one.name}${one.kind === "link" ? ` → ${one.target}` : ""}`);

test("what a service needs is started before it, each once, and never the proxy", async () => {
  const { services } = await plan(
    compose(
      "web: { image: app, depends_on: { migrate: { condition: service_completed_successfully }, db: { condition: service_healthy }, edge: {} } }",
      "migrate: { image: app, depends_on: [db] }",
      "db: { image: db, expose: [5432] }",
      "other: { image: other }",
    ),
  );
  expect(services.map(({ service, after, ports }) => [service, after, ports])).toEqual([
    ["db", [], [5432]],
    ["migrate", [{ service: "db", until: "listening" }], []],
    [
      "web",
      [
        { service: "migrate", until: "ended" },
        { service: "db", until: "listening" },
      ],
      [],
    ],
  ]);
});

test("services that need each other are refused with their names", async () => {
  const circle = compose("web: { image: app, depends_on: [db] }", "db: { image: db, depends_on: [web] }");
  await expect(plan(circle)).rejects.toThrow("deploy/compose.yml:3: service web needs itself: web → db → web");
});

test("version 1: a link's other name is known, and what stands beside build", async () => {
  const { services } = await plan({
    "compose.yml":
      "edge: { image: nginx, links: [web] }\nweb: { build: ., dockerfile: Dockerfile.web, links: ['db:postgres'] }\ndb: { image: db }\n",
    "Dockerfile.web": "FROM scratch\n",
  });
  expect(services.map(({ service, aliases }) => [service, aliases])).toEqual([
    ["db", ["db", "db_1", "postgres"]],
    ["web", ["web", "web_1"]],
  ]);
  expect(services[1]?.image).toMatchObject({ file: "deploy/Dockerfile.web", dockerfile: "FROM scratch\n" });
});

test("what it is started with", async () => {
  const { services, notChecked } = await plan({
    ...compose(
      "web:",
      "  image: app:1",
      "  command: serve --port '8000 '",
      '  entrypoint: ["/entry", "a b"]',
      "  working_dir: /srv",
      '  user: "10:20"',
      "  env_file: web.env",
      "  environment: { A: own }",
      "  privileged: true",
      "  extra_hosts: ['host.docker.internal:host-gateway']",
    ),
    "web.env": "A=file\nB=file\n",
  });
  expect(services[0]).toMatchObject({
    at: "deploy/compose.yml:4",
    image: "app:1",
    command: ["serve", "--port", "8000 "],
    entrypoint: ["/entry", "a b"],
    folder: "/srv",
    user: "10:20",
    environment: { A: "own", B: "file" },
  });
  expect(notChecked).toEqual(["privileged of service web", "extra_hosts of service web"]);
});

test("a build gets its context without what is ignored, and its Dockerfile up to the stage that is wanted", async () => {
  const { services } = await plan({
    ...compose("web: { build: { context: web, target: run, args: { A: 1 } } }"),
    "web/Dockerfile": "FROM a AS run\nRUN x\nFROM b AS later\nRUN y\n",
    "web/.dockerignore": "*.log\nsecret\n!secret/kept\n",
    "web/app.py": "",
    "web/x.log": "",
    "web/secret/key": "",
    "web/secret/kept": "",
    "web/out": { linksTo: "/etc/passwd" },
    "beside.txt": "",
  });
  const image = services[0]?.image;
  if (typeof image !== "object") throw new Error("It is not built");
  expect(image).toMatchObject({ file: "deploy/web/Dockerfile", dockerfile: "FROM a AS run\nRUN x\n", args: { A: "1" } });
  expect(image.context.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    "file .dockerignore",
    "file Dockerfile",
    "file app.py",
    "link out",
    "file secret/kept",
  ]);
});

test("what it mounts is copied with modes, links and owners; what lies deeper is not hidden", async () => {
  const files = {
    ...compose("web:", "  image: app", "  volumes: ['.:/app', '/app/node_modules', 'data:/data', './missing:/none']", "  tmpfs: /tmp"),
    "run.sh": "#!/bin/sh\n",
    "node_modules/a/index.js": "",
    "lib/link": { linksTo: "../run.sh" },
    ".git/HEAD": "",
  };
  const cwd = await deployment(files);
  await chmod(join(cwd, "deploy/run.sh"), 0o750);
  const { services, notDone } = await readApplication("deploy/compose.yml", ["web"], { cwd, env: {}, proxy: "edge", isConfiguration });
  const [web] = services as [ServicePlan];
  expect(filesOf(web)).toEqual(["file /app/compose.yml", "folder /app/lib", "link /app/lib/link → ../run.sh", "file /app/run.sh"]);
  expect(web.files.at(-1)).toMatchObject({ mode: 0o750, owner: { user: process.getuid?.(), group: process.getgid?.() } });
  expect(web.volumes).toEqual([
    { target: "/app", isEmpty: true },
    { target: "/data", isEmpty: false },
    { target: "/none", isEmpty: true },
    { target: "/tmp", isEmpty: true },
    { target: "/app/node_modules", isEmpty: false },
  ]);
  expect(notDone.map(({ what }) => what)).toEqual(["deploy/missing at /none of service web"]);
});
