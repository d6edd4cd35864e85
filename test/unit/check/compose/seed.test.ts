import { join } from "node:path";
import { expect, test } from "vitest";
import { filledIn } from "../../../../harness/check/compose/filled-in.ts";
import { readCompose } from "../../../../harness/check/compose/read.ts";
import { nginxWith, read } from "./_deployment.ts";

const root = join(import.meta.dirname, "../../../..");

test.for(["seed-v1", "seed-v1-buffered"])(
  "the deployment %s: version 1, an application and nginx with its own Dockerfile",
  async (name) => {
    const folder = `test/configs/${name}`;
    const subject = await readCompose(`${folder}/docker-compose.yml`, { cwd: root, env: {} });
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
      overlays: [],
      notDone: [],
    });
    expect(subject.files[0]?.text?.includes("proxy_buffering off;")).toBe(name === "seed-v1");
  },
);

test("templates stand where they are filled in to, with their own text and their variables", async () => {
  const subject = await read({
    "compose.yml": nginxWith("volumes: [./t:/etc/nginx/templates]", "environment: { APP: web, OTHER: unused }"),
    "t/app.conf.template": "proxy_pass http://${APP}; proxy_set_header Host $host;",
  });
  const { files, variables } = filledIn(subject);
  expect(files.map(({ path, target }) => `${target} ← ${path}`)).toEqual([
    "/etc/nginx/templates/app.conf.template ← deploy/t/app.conf.template",
    "/etc/nginx/conf.d/app.conf ← deploy/t/app.conf.template",
  ]);
  expect(variables).toEqual({ APP: "web" });
});

test("envsubst without names empties nginx's own variables, as it does in earnest", async () => {
  const subject = await read({
    "compose.yml": nginxWith(
      "volumes: [./t.template:/t.template]",
      `command: sh -c "envsubst < /t.template > /etc/nginx/conf.d/default.conf && nginx -g 'daemon off;'"`,
      "environment: { APP: web }",
    ),
    "t.template": "proxy_pass http://${APP}; proxy_set_header Host $host;",
  });
  const { files, variables } = filledIn(subject);
  expect(files.at(-1)).toMatchObject({ target: "/etc/nginx/conf.d/default.conf", path: "deploy/t.template" });
  expect(variables).toEqual({ APP: "web", host: "" });
});
