import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { deployedFiles } from "../../../harness/deployment/deployed.ts";
import type { ComposeSubject } from "../../../harness/deployment/subject.ts";
import { readCompose } from "../../../harness/deployment/read.ts";
import nginx from "../../../harness/check/servers/nginx/index.ts";
import { readDeployed } from "../../../harness/check/servers/nginx/read.ts";
import { conf, nginxWith, read } from "./_deployment.ts";

const root = join(import.meta.dirname, "../../..");

test.for(["seed-v1", "seed-v1-buffered"])(
  "the deployment %s: version 1, an application and nginx with its own Dockerfile",
  async (name) => {
    const folder = `test/configs/${name}`;
    const subject = await readCompose(`${folder}/docker-compose.yml`, { cwd: root, env: {}, servers: [nginx] });
    expect(subject).toMatchObject({
      service: "nginx",
      image: "nginx",
      layout: "official",
      mainTarget: "/etc/nginx/nginx.conf",
      gone: [{ target: "/etc/nginx/conf.d/default.conf", place: { file: `${folder}/nginx/Dockerfile`, line: 2 } }],
      files: [{ path: `${folder}/nginx/sites-enabled/web.conf`, target: "/etc/nginx/conf.d/web.conf" }],
      links: [
        { name: "web", service: "web", ports: [8000] },
        { name: "web_1", service: "web", ports: [8000] },
      ],
      ports: [{ published: 80, target: 80, protocol: "tcp" }],
      appServices: ["web"],
      stubs: [],
      notDone: [],
    });
    expect(subject.files[0]?.text?.includes("proxy_buffering off;")).toBe(name === "seed-v1");
  },
);

const checked = async (given: string, subject: ComposeSubject) => {
  const { variables, ...deployed } = deployedFiles(subject);
  return readDeployed(given, { ...deployed, folder: dirname(given) }, { env: variables });
};

test("what nginx's reader makes of the seed: a route with the user's own path and line", async () => {
  const given = "test/configs/seed-v1/docker-compose.yml";
  const { routes, upstreams, ports } = await checked(given, await readCompose(given, { cwd: root, env: {}, servers: [nginx] }));
  expect(routes).toMatchObject([
    { host: "example.org", title: "location /", port: 80, place: { file: "test/configs/seed-v1/nginx/sites-enabled/web.conf", line: 6 } },
  ]);
  expect(upstreams).toMatchObject([{ host: "web", port: 8000 }]);
  expect(ports).toEqual([80]);
});

test("templates stand where they are filled in to, with their own text and their variables", async () => {
  const subject = await read({
    "compose.yml": nginxWith("volumes: [./t:/etc/nginx/templates]", "environment: { APP: web, OTHER: unused }"),
    "t/app.conf.template": "server {\n  location / {\n    proxy_pass http://${APP};\n    proxy_set_header Host $host;\n  }\n}\n",
  });
  const { files, variables } = deployedFiles(subject);
  expect(files.map(({ path, target, template }) => `${target} ← ${path} ${template}`)).toEqual([
    "/etc/nginx/templates/app.conf.template ← deploy/t/app.conf.template false",
    "/etc/nginx/conf.d/app.conf ← deploy/t/app.conf.template true",
  ]);
  expect(variables).toEqual({ APP: "web" });
  expect(await checked("deploy/compose.yml", subject)).toMatchObject({
    routes: [{ place: { file: "deploy/t/app.conf.template", line: 2 } }],
    upstreams: [{ host: "web", port: 80, place: { line: 3 } }],
    variables: { APP: "web" },
  });
});

test("envsubst without names empties nginx's own variables, as it does in earnest", async () => {
  const subject = await read({
    "compose.yml": nginxWith(
      "volumes: [./t.in:/t.in]",
      `command: sh -c "envsubst < /t.in > /etc/nginx/conf.d/default.conf && nginx -g 'daemon off;'"`,
      "environment: { APP: web }",
    ),
    "t.in": "proxy_pass http://${APP}; proxy_set_header Host $host;",
  });
  const { files, variables } = deployedFiles(subject);
  expect(files.at(-1)).toMatchObject({ target: "/etc/nginx/conf.d/default.conf", path: "deploy/t.in", template: true });
  expect(variables).toEqual({ APP: "web", host: "" });
});

test.for<[image: string, target: string]>([
  ["nginx", "/etc/nginx/conf.d/a.conf"],
  ["tutum/nginx", "/etc/nginx/sites-enabled/a"],
  ["openresty/openresty", "/etc/nginx/conf.d/a.conf"],
  ["bitnami/nginx", "/opt/bitnami/nginx/conf/server_blocks/a.conf"],
])("of the image %s what it includes itself is read: %s", async ([image, target]) => {
  const subject = await read({
    "compose.yml": `services: { edge: { image: "${image}", volumes: ["./a:${target}"] } }`,
    a: conf,
  });
  expect((await checked("deploy/compose.yml", subject)).routes).toMatchObject([{ place: { file: "deploy/a", line: 1 } }]);
});

test("the image's own site is reported where it would answer before the user's", async () => {
  const mounted = (name: string) =>
    read({ "compose.yml": nginxWith(`volumes: [./a:/etc/nginx/conf.d/${name}]`), a: conf }).then(({ notDone }) => notDone);
  expect(await mounted("web.conf")).toMatchObject([{ what: "the image's own /etc/nginx/conf.d/default.conf", place: { line: 3 } }]);
  expect(await mounted("app.conf")).toEqual([]);
  expect(await mounted("default.conf")).toEqual([]);
});
