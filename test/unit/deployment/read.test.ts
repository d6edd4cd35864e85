import { expect, test } from "vitest";
import { conf, nginxWith, placed, read, refusal } from "./_deployment.ts";

test("today's form: image, mounts, ports, who is forwarded to", async () => {
  const subject = await read({
    "compose.yml": `
version: "3.8"
services:
  web:
    build: ./web
    expose: ["8000"]
    networks: { back: { aliases: [app.internal] } }
  db:
    image: postgres
    container_name: the-db
    ports: ["5432:5432"]
  edge:
    image: registry.example:5000/team/nginx:1.25-alpine
    depends_on: [web, db]
    ports:
      - "80:80"
      - "127.0.0.1:8443:443/tcp"
      - target: 9000
        published: 9001
      - "7000-7001:8000-8001/udp"
      - 81
    volumes:
      - ./nginx/nginx.conf:/etc/nginx/nginx.conf:ro
      - type: bind
        source: ./nginx/conf.d
        target: /etc/nginx/conf.d/
        read_only: true
      - static:/var/www/static
      - /var/cache/nginx
volumes: { static: {} }
`,
    "nginx/nginx.conf": "events {}\n",
    "nginx/conf.d/app.conf": conf,
  });
  expect(subject).toMatchObject({
    service: "edge",
    place: { file: "deploy/compose.yml", line: 12 },
    image: "registry.example:5000/team/nginx:1.25-alpine",
    imagePlace: { line: 13 },
    layout: "official",
    mainTarget: "/etc/nginx/nginx.conf",
    gone: [{ target: "/etc/nginx/conf.d" }],
    appServices: ["web"],
    notDone: [],
    stubs: [{ what: "an empty folder at /var/www/static", why: expect.stringContaining("deploy/compose.yml:28 mounts the volume static") }],
    read: ["deploy/compose.yml"],
  });
  expect(placed(subject)).toEqual([
    "/etc/nginx/conf.d/app.conf ← deploy/nginx/conf.d/app.conf",
    "/etc/nginx/nginx.conf ← deploy/nginx/nginx.conf",
  ]);
  expect(subject.files.find(({ target }) => target.endsWith("app.conf"))).toMatchObject({ text: conf, place: { line: 24 }, inline: null });
  expect(subject.ports).toEqual([
    { published: 80, target: 80, protocol: "tcp" },
    { published: 8443, target: 443, protocol: "tcp" },
    { published: 9001, target: 9000, protocol: "tcp" },
    { published: 7000, target: 8000, protocol: "udp" },
    { published: 7001, target: 8001, protocol: "udp" },
    { published: null, target: 81, protocol: "tcp" },
  ]);
  expect(subject.links).toEqual(
    expect.arrayContaining([
      { name: "web", service: "web", ports: [8000] },
      { name: "app.internal", service: "web", ports: [8000] },
      { name: "db", service: "db", ports: [5432] },
      { name: "the-db", service: "db", ports: [5432] },
    ]),
  );
});

test("version 1: services on top, names by links alone", async () => {
  const subject = await read({
    "compose.yml": `
web: { build: ./web, links: [redis] }
redis: { image: redis, expose: [6379] }
nginx:
  build: ./nginx
  links: ["web:app"]
  volumes_from: [web]
`,
    "web/Dockerfile": "FROM python\nEXPOSE 8000/tcp 8001\n",
    "nginx/Dockerfile": "FROM nginx\nADD a.conf /etc/nginx/conf.d/\n",
    "nginx/a.conf": "server { location / { proxy_pass http://app:8000; } }",
  });
  expect(subject.links.map(({ name }) => name).toSorted()).toEqual(["app", "web", "web_1"]);
  expect(subject.links[0]).toEqual({ name: "app", service: "web", ports: [8000, 8001] });
  expect(subject.appServices).toEqual(["web"]);
  expect(placed(subject)).toEqual(["/etc/nginx/conf.d/a.conf ← deploy/nginx/a.conf"]);
});

test("anchors, aliases and merge keys", async () => {
  const subject = await read(
    {
      "compose.yml": `
x-base: &base
  image: nginx:1.20
  volumes: [&site "./a.conf:/etc/nginx/conf.d/a.conf"]
services:
  edge:
    <<: *base
    image: nginx:1.26
  other:
    image: redis
    volumes: [*site]
`,
      "a.conf": conf,
    },
    { service: "edge" },
  );
  expect(subject.image).toBe("nginx:1.26");
  expect(subject.files[0]?.place.line).toBe(4);
});

test("extends: over files, with paths of the file that names them", async () => {
  const subject = await read({
    "compose.yml": `
services:
  edge:
    extends: { file: common/base.yml, service: proxy }
    environment: { B: mine, C: "3" }
    volumes: ["./own.conf:/etc/nginx/conf.d/own.conf"]
`,
    "common/base.yml": `
services:
  root: { image: "nginx:1.24" }
  proxy:
    extends: root
    environment: [A=1, B=2]
    volumes: ["./base.conf:/etc/nginx/conf.d/base.conf"]
`,
    "common/base.conf": conf,
    "own.conf": conf,
  });
  expect(subject.image).toBe("nginx:1.24");
  expect(subject.environment).toEqual({ A: "1", B: "mine", C: "3" });
  expect(placed(subject)).toEqual([
    "/etc/nginx/conf.d/base.conf ← deploy/common/base.conf",
    "/etc/nginx/conf.d/own.conf ← deploy/own.conf",
  ]);
  expect(subject.imagePlace).toMatchObject({ file: "deploy/common/base.yml", line: 3 });
  expect(subject.read).toEqual(["deploy/compose.yml", "deploy/common/base.yml"]);
});

test("include brings services, and an override beside the file is said not to be read", async () => {
  const subject = await read({
    "compose.yml": "include: [edge/compose.yml]\nservices: { web: { image: python } }\n",
    "edge/compose.yml": 'services: { edge: { image: nginx, volumes: ["./a.conf:/etc/nginx/conf.d/a.conf"] } }\n',
    "edge/a.conf": conf,
    "compose.override.yml": "services: {}\n",
  });
  expect(placed(subject)).toEqual(["/etc/nginx/conf.d/a.conf ← deploy/edge/a.conf"]);
  expect(subject.notDone).toMatchObject([{ what: "deploy/compose.override.yml" }]);
});

test("variables from the surroundings, from .env, by default; what is set nowhere is reported", async () => {
  const subject = await read(
    {
      "compose.yml": nginxWith(
        'volumes: ["${PWD}/${DIR}/a.conf:/etc/nginx/conf.d/a.conf"]',
        "environment: { TAG: '$TAG', BOTH: '$BOTH', D: '${NONE:-d}', DOLLAR: '$$x', N: '$NONE', GIVEN: , MISSING: }",
      ),
      ".env": "DIR=conf\nTAG=from-file\nBOTH=from-file\n",
      "conf/a.conf": conf,
    },
    { env: { BOTH: "outside", GIVEN: "handed on" } },
  );
  expect(subject.environment).toEqual({ TAG: "from-file", BOTH: "outside", D: "d", DOLLAR: "$x", N: "", GIVEN: "handed on" });
  expect(placed(subject)).toEqual(["/etc/nginx/conf.d/a.conf ← deploy/conf/a.conf"]);
  expect(subject.notDone).toMatchObject([{ what: "$NONE", why: expect.stringContaining("deploy/.env"), place: { line: 5 } }]);
  expect(subject.read).toEqual(["deploy/compose.yml", "deploy/.env"]);
});

test("env_file before environment, a later one over an earlier; a missing one is reported", async () => {
  const subject = await read({
    "compose.yml": nginxWith("env_file: [a.env, { path: b.env }, { path: c.env, required: false }, d.env]", "environment: [C=own]"),
    "a.env": "A=a\nB=a\nC=a\n",
    "b.env": "B=b\n",
  });
  expect(subject.environment).toEqual({ A: "a", B: "b", C: "own" });
  expect(subject.notDone).toMatchObject([{ what: "env_file deploy/d.env", place: { line: 4 } }]);
});

test("templates of the image, and one of a command", async () => {
  const files = { "t/app.conf.template": "server { listen ${PORT}; }", "nginx.tmpl": "$PORT" };
  const byImage = await read({
    ...files,
    "compose.yml": nginxWith("volumes: [./t:/etc/nginx/templates]", "environment: { PORT: 8080 }"),
  });
  expect(byImage.templates).toMatchObject([
    { from: "/etc/nginx/templates/app.conf.template", to: "/etc/nginx/conf.d/app.conf", variables: ["PORT"], place: { line: 4 } },
  ]);
  expect(byImage.environment).toEqual({ PORT: "8080" });
  const command = `command: /bin/sh -c "envsubst < /etc/nginx/nginx.tmpl > /etc/nginx/nginx.conf && nginx -g 'daemon off;'"`;
  const byCommand = await read({
    ...files,
    "compose.yml": nginxWith("volumes: [./nginx.tmpl:/etc/nginx/nginx.tmpl, ./t:/etc/nginx/templates]", command),
  });
  expect(byCommand.templates).toMatchObject([
    { from: "/etc/nginx/nginx.tmpl", to: "/etc/nginx/nginx.conf", variables: "all", place: { line: 5 } },
  ]);
  // The entry point of the image looks at the first word.
  expect(byCommand.notDone).toMatchObject([{ what: "/etc/nginx/templates/app.conf.template is not filled in", place: { line: 5 } }]);
});

test("another main file; a script that is not executed", async () => {
  const other = await read({
    "compose.yml": nginxWith("command: [nginx, -c, /srv/main.conf]", "volumes: [./main.conf:/srv/main.conf]"),
    "main.conf": "events {}",
  });
  expect(other.mainTarget).toBe("/srv/main.conf");
  const scripted = await read({ "compose.yml": nginxWith("entrypoint: /start.sh", "command: now") });
  expect(scripted.stubs).toMatchObject([{ what: "nginx itself in place of `/start.sh now`", place: { line: 5 } }]);
  expect(await refusal({ "compose.yml": nginxWith("command: nginx -c /srv/none.conf") })).toBe(
    "AuthorError: deploy/compose.yml:4: nginx is started with /srv/none.conf, which is not provided by anything that this deployment names",
  );
});

test("configs and secrets are files", async () => {
  const subject = await read({
    "compose.yml": `
services:
  edge:
    image: nginx
    configs:
      - source: site
        target: /etc/nginx/conf.d/site.conf
      - source: inline
        target: /etc/nginx/conf.d/inline.conf
      - plain
    secrets: [key, { source: key, target: /etc/ssl/key.pem }, outer]
configs:
  site: { file: ./site.conf }
  inline:
    content: |
      # $$host
      server_name \${NAME:-x};
  plain: { environment: PLAIN }
secrets:
  key: { file: ./key.pem }
  outer: { external: true }
`,
    "site.conf": conf,
    "key.pem": new Uint8Array([0, 1, 2]),
    ".env": "PLAIN=text\n",
  });
  expect(placed(subject)).toEqual([
    "/etc/nginx/conf.d/inline.conf ← deploy/compose.yml#configs.inline",
    "/etc/nginx/conf.d/site.conf ← deploy/site.conf",
    "/etc/ssl/key.pem ← deploy/key.pem",
    "/plain ← deploy/compose.yml#configs.plain",
    "/run/secrets/key ← deploy/key.pem",
  ]);
  expect(subject.files.find(({ path }) => path.endsWith("inline"))).toMatchObject({
    text: "# $host\nserver_name x;\n",
    inline: { file: "deploy/compose.yml", line: 16 },
  });
  expect(subject.files.find(({ target }) => target === "/etc/ssl/key.pem")).toMatchObject({ text: null });
  expect(subject.notDone).toMatchObject([
    { what: "secrets outer at /run/secrets/outer", place: { line: 11 } },
    { what: "the image's own /etc/nginx/conf.d/default.conf" },
  ]);
});

test("of what is external, the sentence says how to print it, if the engine does", async () => {
  const { notDone } = await read({
    "compose.yml": `${nginxWith("configs: [{ source: site, target: /etc/nginx/conf.d/site.conf }]\n    secrets: [key]")}
configs:
  site: { external: true, name: site_v7 }
secrets:
  key: { external: { name: key_v7 } }
`,
  });
  expect(notDone.filter(({ what }) => /^(configs|secrets) /.test(what))).toMatchObject([
    {
      what: "configs site at /etc/nginx/conf.d/site.conf",
      why: 'it is external, so its contents are not in this folder; "docker config inspect --pretty site_v7" prints them',
    },
    { what: "secrets key at /run/secrets/key", why: "it is external, so its contents are not in this folder" },
  ]);
});

test("a mount hides what a Dockerfile put there, a deeper one comes after", async () => {
  const subject = await read({
    "compose.yml": `
services:
  edge:
    build: ./nginx
    volumes:
      - ./one.conf:/etc/nginx/conf.d/one.conf
      - ./mounted:/etc/nginx/conf.d
`,
    "nginx/Dockerfile": "FROM nginx\nCOPY built.conf /etc/nginx/conf.d/\nCOPY built.conf /etc/nginx/nginx.conf\n",
    "nginx/built.conf": conf,
    "mounted/m.conf": conf,
    "one.conf": conf,
  });
  expect(placed(subject)).toEqual([
    "/etc/nginx/conf.d/m.conf ← deploy/mounted/m.conf",
    "/etc/nginx/conf.d/one.conf ← deploy/one.conf",
    "/etc/nginx/nginx.conf ← deploy/nginx/built.conf",
  ]);
});

test("a link within the folder is followed, and one that leads somewhere in the container too", async () => {
  const subject = await read({
    "compose.yml": nginxWith("volumes: [./nginx:/etc/nginx]"),
    "nginx/sites-available/a": conf,
    "nginx/sites-enabled/a": { linksTo: "../sites-available/a" },
    "nginx/sites-enabled/b": { linksTo: "/etc/nginx/sites-available/a" },
  });
  expect(placed(subject)).toEqual([
    "/etc/nginx/sites-available/a ← deploy/nginx/sites-available/a",
    "/etc/nginx/sites-enabled/a ← deploy/nginx/sites-enabled/a",
    "/etc/nginx/sites-enabled/b ← deploy/nginx/sites-available/a",
  ]);
});

test.for<[string, string, string]>([
  ["nginx", "official", "/etc/nginx/nginx.conf"],
  ["docker.io/nginxinc/nginx-unprivileged:1.27@sha256:00", "official", "/etc/nginx/nginx.conf"],
  ["openresty/openresty:alpine", "openresty", "/usr/local/openresty/nginx/conf/nginx.conf"],
  ["bitnami/nginx:1.27", "bitnami", "/opt/bitnami/nginx/conf/nginx.conf"],
  ["tutum/nginx", "debian", "/etc/nginx/nginx.conf"],
])("the image %s is laid out as %s", async ([image, layout, mainTarget]) => {
  expect(await read({ "compose.yml": `services: { edge: { image: "${image}" } }` })).toMatchObject({ image, layout, mainTarget });
});

test("a service is the proxy by what is mounted into it, and by what its Dockerfile installs", async () => {
  const mounted = await read({
    "compose.yml": "services: { a: { image: redis }, b: { image: company/edge, volumes: ['./a.conf:/etc/nginx/conf.d/a.conf'] } }",
    "a.conf": conf,
  });
  expect(mounted).toMatchObject({ service: "b", image: "company/edge" });
  const built = await read({
    "compose.yml": "services: { web: { build: web }, b: { build: b } }",
    "web/Dockerfile": "FROM node\nRUN npm ci\n",
    "b/Dockerfile":
      "FROM debian:12\nRUN apt-get update && apt-get install -y nginx && rm -rf /var/lib/apt/lists/*\nCOPY site /etc/nginx/sites-enabled/default\n",
    "b/site": conf,
  });
  expect(built).toMatchObject({ service: "b", image: null, layout: "debian", gone: [] });
  expect(built.notDone).toMatchObject([{ what: expect.stringContaining("deploy/b/Dockerfile:1") }]);
});
