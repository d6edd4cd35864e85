import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import nginx from "../../../harness/check/servers/nginx/index.ts";
import { readCompose } from "../../../harness/deployment/read.ts";
import { conf, deployment, nginxWith, placed, read, refusal } from "./_deployment.ts";

test.for<[title: string, compose: string, sentence: string]>([
  ["no YAML", "services: [", "deploy/compose.yml:1: "],
  ["empty", "", "deploy/compose.yml is empty"],
  ["a list", "- a", "deploy/compose.yml is not a compose file: it has to be a mapping with services"],
  ["no services", "version: '3'", "deploy/compose.yml has no services"],
  ["services empty", "services:", "deploy/compose.yml has no services"],
  ["two documents", "services: { a: { image: nginx } }\n---\nservices: {}", "deploy/compose.yml:2: a second document begins here"],
  ["an alias of nothing", "services: { a: *b }", "deploy/compose.yml:1: *b is undefined"],
  ["an alias of itself", "services: { a: &a { image: nginx, b: *a } }", "contains itself by its own alias"],
  ["a key given two times", "services:\n  a: { image: nginx }\n  a: {}", 'deploy/compose.yml:3: "a" is given a second time'],
  [
    "no service runs nginx",
    "services: { web: { image: python }, db: { image: postgres } }",
    "deploy/compose.yml has no service that runs nginx by its image, its Dockerfile or what is mounted; its services are web, db",
  ],
  [
    "two run nginx",
    "services: { a: { image: nginx }, web: { image: x }, b: { image: openresty/openresty } }",
    "deploy/compose.yml has 2 services that run nginx; give --service a|b",
  ],
  ["an exporter is not nginx", "services: { a: { image: nginx/nginx-prometheus-exporter } }", "has no service that runs nginx"],
  [
    "a needed variable",
    nginxWith('volumes: ["${WHERE:?say where}:/etc/nginx"]'),
    "deploy/compose.yml:4: this needs WHERE (say where), which is not set",
  ],
  ["a stray dollar", nginxWith('volumes: ["./$:/etc/nginx"]'), 'deploy/compose.yml:4: this has "$:/etc/n", which is no variable'],
  ["a volume that is none", nginxWith("volumes: [':::']"), 'deploy/compose.yml:4: ":::" is not a volume like'],
  ["a volume without a target", nginxWith("volumes: [{ type: bind, source: ./x }]"), "deploy/compose.yml:4: this volume has no target"],
  ["a port that is none", nginxWith("ports: [http]"), 'deploy/compose.yml:4: "http" is not a port like'],
  ["volumes of the wrong shape", nginxWith("volumes: { a: b }"), "deploy/compose.yml:4: volumes is a mapping; it has to be a list"],
  [
    "a config that is declared nowhere",
    nginxWith("configs: [site]"),
    'deploy/compose.yml:4: there is no "site" under configs; there are none',
  ],
  [
    "a file that is not there",
    nginxWith("volumes: [./no.conf:/etc/nginx/nginx.conf]"),
    "deploy/compose.yml:4 mounts deploy/no.conf, which is not there",
  ],
  [
    "out of the folder",
    nginxWith("volumes: [../no.conf:/etc/nginx/nginx.conf]"),
    "deploy/compose.yml:4 mounts no.conf, which is outside of deploy; nothing outside of the folder is read; copy it in",
  ],
  [
    "an absolute path",
    nginxWith("volumes: [/etc/passwd:/etc/nginx/nginx.conf]"),
    "deploy/compose.yml:4 mounts /etc/passwd, which is outside of deploy",
  ],
  ["env_file out of the folder", nginxWith("env_file: ../../x.env"), "deploy/compose.yml:4 names ../x.env, which is outside of deploy"],
  [
    "a context out of the folder",
    "services: { nginx: { image: nginx, build: .. } }",
    "deploy/compose.yml:1 builds from Dockerfile, which is outside of deploy",
  ],
  ["a context elsewhere", "services: { nginx: { image: nginx, build: 'https://example.com/x.git' } }", "and nothing is fetched"],
  [
    "extends of nothing",
    nginxWith("extends: { service: bse }").replace("edge:", "base: {}\n  edge:"),
    'there is no service "bse" in deploy/compose.yml; did you mean "base"?',
  ],
  ["extends in a circle", "services: { a: { extends: b }, b: { extends: a } }", "extends itself"],
  ["a path with a NUL", nginxWith(String.raw`volumes: ["./a\0b:/etc/nginx"]`), "which is not a path"],
])("%s", async ([, compose, sentence]) => {
  const said = await refusal({ "compose.yml": compose });
  expect(said).toMatch(/^AuthorError: /);
  expect(said).toContain(sentence);
});

test("an unknown service is refused with the nearest; one that runs no nginx with those that do", async () => {
  const files = { "compose.yml": "services: { edge: { image: nginx }, web: { image: python } }" };
  expect(await refusal(files, { service: "egde" })).toBe('AuthorError: deploy/compose.yml has no service "egde"; did you mean "edge"?');
  expect(await refusal(files, { service: "web" })).toBe(
    "AuthorError: deploy/compose.yml:1: service web does not run nginx as far as its files show; these do: edge",
  );
  const broken = { "compose.yml": "services: { edge: { build: . }, web: { image: python } }", Dockerfile: "FORM nginx\n" };
  const said = 'deploy/Dockerfile:1: "FORM" is not an instruction of a Dockerfile; did you mean "FROM"?';
  expect(await refusal(broken, { service: "edge" })).toBe(`AuthorError: ${said}`);
  expect(await refusal(broken)).toContain(`its services are edge, web (${said})`);
  expect(await refusal(files, { given: "deploy/none.yml" })).toBe("AuthorError: There is no file deploy/none.yml");
});

test("a link that leads out is refused where it is configuration, and reported where it is not", async () => {
  const compose = (target: string): string => nginxWith(`volumes: [./mounted:${target}]`);
  const files = { "mounted/a.conf": { linksTo: "/etc/hostname" } };
  expect(await refusal({ ...files, "compose.yml": compose("/etc/nginx/conf.d") })).toBe(
    "AuthorError: deploy/compose.yml:4 mounts deploy/mounted/a.conf, which is a link that leads out of deploy; nothing outside of the folder is read; copy it in",
  );
  const reported = await read({ ...files, "compose.yml": compose("/usr/share/nginx/html") });
  expect(reported.files).toEqual([]);
  expect(reported.notDone).toMatchObject([{ what: "deploy/mounted/a.conf at /usr/share/nginx/html/a.conf", place: { line: 4 } }]);
});

test("a folder that is a link out is not entered, nor is a compose file that is one read", async () => {
  expect(await refusal({ "compose.yml": nginxWith("volumes: [./out/passwd:/etc/nginx/nginx.conf]"), out: { linksTo: "/etc" } })).toContain(
    "deploy/out/passwd, which is a link that leads out of deploy",
  );
  expect(await refusal({ "compose.yml": { linksTo: "/etc/hostname" } })).toContain("is a link that leads out of deploy");
});

test("the engine's socket and the machine's own files are left out, certificates that are missing too", async () => {
  const subject = await read({
    "compose.yml": nginxWith(
      "volumes:",
      "  - /var/run/docker.sock:/var/run/docker.sock:ro",
      "  - /etc/letsencrypt:/etc/letsencrypt",
      "  - ./certs:/etc/nginx/certs",
      "  - ~/pages:/srv",
      "  - ./a.conf:/etc/nginx/conf.d/a.conf",
    ),
    "a.conf": conf,
  });
  expect(placed(subject)).toEqual(["/etc/nginx/conf.d/a.conf ← deploy/a.conf"]);
  expect(subject.notDone.map(({ place, what, why }) => `${place.line} ${what}: ${why}`)).toEqual([
    "8 ~/pages at /srv: it is outside of deploy; nothing outside of the folder is read",
    "6 /etc/letsencrypt at /etc/letsencrypt: it is outside of deploy; nothing outside of the folder is read",
    "5 /var/run/docker.sock at /var/run/docker.sock: it is outside of deploy; nothing outside of the folder is read",
    "7 deploy/certs at /etc/nginx/certs: it is not there",
  ]);
});

test("too large, binary and unreadable as text", async () => {
  const mounts = nginxWith("volumes: [./big:/etc/nginx/nginx.conf]");
  expect(await refusal({ "compose.yml": mounts, big: "#".repeat(1_000_001) })).toContain(
    "deploy/big, which has 1000001 bytes, more than the 1000000",
  );
  expect(await refusal({ "compose.yml": "#".repeat(10_000_000) })).toContain("deploy/compose.yml, which has 10000000 bytes");
  expect(await refusal({ "compose.yml": new Uint8Array([0xff, 0xfe, 0x41, 0]) })).toContain("deploy/compose.yml, which is not UTF-8 text");
  const binary = await read({ "compose.yml": mounts, big: new Uint8Array([1, 0, 2]) });
  expect(binary.files).toMatchObject([{ text: null, bytes: new Uint8Array([1, 0, 2]) }]);
});

test("pages beyond the limits are left out and reported, the configuration is still there", async () => {
  const pages = Object.fromEntries(Array.from({ length: 2100 }, (_, i) => [`site/${i}.html`, "x"]));
  const subject = await read({
    ...pages,
    "site/.huge": new Uint8Array(13_000_000),
    "a.conf": conf,
    "compose.yml": nginxWith("volumes: [./site:/srv, ./a.conf:/etc/nginx/conf.d/a.conf]"),
  });
  expect(subject.files).toHaveLength(2001);
  expect(subject.files.at(-1)?.target).toBe("/etc/nginx/conf.d/a.conf");
  expect(subject.notDone.map(({ why }) => why)).toEqual([
    "it has 13000000 bytes, more than the 12000000 that are left for it",
    "2000 files besides the configuration are copied",
  ]);
});

test("what is neither a file nor a folder is not opened", async () => {
  const folder = await deployment({ "compose.yml": nginxWith("volumes: [./socket:/etc/nginx/nginx.conf]") });
  await using server = createServer();
  await new Promise<void>((resolve) => server.listen(join(folder, "deploy", "socket"), resolve));
  await expect(readCompose("deploy/compose.yml", { cwd: folder, env: {}, servers: [nginx] })).rejects.toThrow(
    "deploy/socket, which is neither a file nor a folder",
  );
});

test.for<[title: string, files: Record<string, string>, sentence: string]>([
  ["instructions", { Dockerfile: `FROM nginx\n${"RUN a\n".repeat(2001)}` }, "deploy/Dockerfile has more than 2000 instructions"],
  ["sources", { Dockerfile: `FROM nginx\nCOPY ${"a ".repeat(300)} /b\n` }, "deploy/Dockerfile:2: COPY has more than 200 sources"],
  [
    "variables that multiply",
    { Dockerfile: `FROM nginx\nENV A=aaaaaaaaaaaaaaaa\n${"ENV A=$A$A\n".repeat(40)}` },
    "deploy/Dockerfile:14: A is one variable of more than 1000, or longer than 32768 characters",
  ],
])("more than a deployment has is refused: %s", async ([, files, sentence]) => {
  expect(await refusal({ "compose.yml": "services: { nginx: { image: nginx, build: . } }", ...files })).toBe(`AuthorError: ${sentence}`);
});

test("a folder copied into itself, over and over, stops at a limit", async () => {
  const lines = Array.from({ length: 40 }, (_, i) => `RUN cp -r /etc/nginx /etc/nginx/c${i}`);
  const subject = await read({
    "compose.yml": "edge: { build: . }",
    Dockerfile: ["FROM nginx", "COPY a /etc/nginx/a", ...lines].join("\n"),
    a: conf,
  });
  expect(subject.files.length).toBeLessThanOrEqual(10_000);
  expect(subject.notDone[0]).toMatchObject({ what: expect.stringContaining("cp -r /etc/nginx") });
});

test("what is not done is reported up to a limit", async () => {
  const subject = await read({ "compose.yml": "edge: { build: . }", Dockerfile: `FROM nginx\n${"RUN make\n".repeat(300)}` });
  expect(subject.notDone).toHaveLength(201);
  expect(subject.notDone.at(-1)).toMatchObject({ what: "100 more" });
});

test("aliases of aliases and merges of merges do not multiply without end", async () => {
  const levels = Array.from({ length: 30 }, (_, i) => `x${i + 1}: &x${i + 1} [*x${i}, *x${i}, *x${i}]`);
  expect(
    await refusal({ "compose.yml": ["x0: &x0 [a]", ...levels, "services: { a: { image: nginx, volumes: *x30 } }"].join("\n") }),
  ).toContain("a volume is a list");
  const merges = Array.from({ length: 3000 }, (_, i) => `x${i + 1}: &x${i + 1} { <<: *x${i}, k${i}: v }`);
  expect(await refusal({ "compose.yml": ["x0: &x0 { a: b }", ...merges, "services: { a: { image: nginx } }"].join("\n") })).toContain(
    "merges more than 200000 keys",
  );
  expect(await refusal({ "compose.yml": "[".repeat(200_000) })).toMatch(/^AuthorError/);
});
