// What a sandbox is asked to run, and what becomes of what it wrote.
import { expect, test } from "vitest";
import type { SandboxRequest } from "../../../harness/deployment/ran.ts";
import { readCompose } from "../../../harness/deployment/read.ts";
import type { ComposeSubject } from "../../../harness/deployment/subject.ts";
import { writtenFiles } from "../../../harness/deployment/written.ts";
import nginx from "../../../harness/check/servers/nginx/index.ts";
import { conf, deployment } from "./_deployment.ts";
import type { Files } from "./_deployment.ts";

const main = "events { }\nhttp { include conf.d/*.conf; }\n";

const run = async (
  files: Files,
  written: Record<string, string> = { "/etc/nginx/nginx.conf": main },
): Promise<{ request: SandboxRequest; subject: ComposeSubject }> => {
  const asked: SandboxRequest[] = [];
  const subject = await readCompose("deploy/compose.yml", {
    cwd: await deployment(files),
    env: { GIVEN: "by --env" },
    servers: [nginx],
    sandbox: () => async (request) => {
      asked.push(request);
      return {
        started: ["nginx", "-g", "daemon off;"],
        gone: [],
        files: Object.entries(written).map(([name, body]) => ({ name, body: Buffer.from(body) })),
      };
    },
  });
  return { request: asked[0]!, subject };
};

const compose = (...lines: string[]): string =>
  ["services:", "  edge:", "    image: nginx:1.27", ...lines.map((line) => `    ${line}`), ""].join("\n");

test("it gets the service's own files, words and variables, and nothing else", async () => {
  process.env["HOPWISE_CALLERS_OWN"] = "secret";
  const { request } = await run({
    "compose.yml": compose(
      'entrypoint: ["/start.sh", "now"]',
      "environment: { A: $GIVEN, B: '${HOPWISE_CALLERS_OWN:-none}', C: '${FROM_FILE}', HOPWISE_CALLERS_OWN: }",
      "env_file: own.env",
      'volumes: ["./start.sh:/start.sh", "./conf.d:/etc/nginx/conf.d", "data:/data"]',
    ),
    ".env": "FROM_FILE=beside\n",
    "own.env": "D=d\n",
    "start.sh": "#!/bin/sh\nexec nginx\n",
    "conf.d/a.conf.tpl": conf,
  });
  delete process.env["HOPWISE_CALLERS_OWN"];
  expect([request.entrypoint, request.command, request.image]).toEqual([["/start.sh", "now"], null, "nginx:1.27"]);
  expect(request.environment).toEqual({ A: "by --env", B: "none", C: "beside", D: "d" });
  expect(request.entries.filter(({ kind }) => kind === "file").map((one) => [one.name, "mode" in one ? one.mode : null])).toEqual([
    ["/start.sh", 0o755],
    ["/etc/nginx/conf.d/a.conf.tpl", 0o644],
  ]);
});

test.each([
  ["a link that leads out", { "start.sh": { linksTo: "/etc/passwd" } }, "./start.sh"],
  ["an absolute path", {}, "/etc/passwd"],
  ["the user's home", {}, "~/.ssh/id_rsa"],
  ["a socket", {}, "/var/run/docker.sock"],
  ["a path upwards", {}, "../../secrets"],
])("%s is not copied", async (_, files, source) => {
  const { request, subject } = await run({
    "compose.yml": compose('entrypoint: ["sh", "/run-me"]', `volumes: ["${source}:/run-me"]`),
    ...files,
  });
  expect(request.entries.filter(({ kind }) => kind === "file")).toEqual([]);
  expect(subject.notDone.map(({ what }) => what).join("\n")).toContain("/run-me");
});

test.each([
  ["extends", "extends: { file: ../../other.yml, service: x }"],
  ["env_file", "env_file: ../../outside.env"],
])("%s that leads out of the folder is refused", async (_, line) => {
  await expect(run({ "compose.yml": compose('entrypoint: ["sh", "/x"]', line) })).rejects.toThrow(
    /outside|leads out|not in the folder|nothing outside/,
  );
});

test("what would give it more than a check allows is ignored, and said", async () => {
  const { subject } = await run({
    "compose.yml": compose(
      'entrypoint: ["sh", "/x"]',
      "privileged: true",
      "pid: host",
      "ipc: host",
      "devices: [/dev/kvm]",
      "security_opt: [seccomp:unconfined]",
      "userns_mode: host",
      "runtime: x",
      "volumes_from: [a]",
    ),
  });
  const ignored = subject.notDone.filter(({ why }) => why.startsWith("it is ignored when the entry point runs")).map(({ what }) => what);
  expect(ignored).toEqual(["privileged", "pid", "ipc", "userns_mode", "security_opt", "devices", "runtime", "volumes_from"]);
});

test("what it wrote is named by the file that it was made of, where the lines are the same", async () => {
  const { subject } = await run(
    {
      "compose.yml": compose('entrypoint: ["sh", "/x"]', 'volumes: ["./t:/templates", "./same.conf:/etc/nginx/conf.d/same.conf"]'),
      "t/app.tpl": "server {\n  listen ${PORT};\n  ${BLOCK}\n  location / { proxy_pass $SCHEME://app:8000; }\n}\n",
      "same.conf": conf,
    },
    {
      "/etc/nginx/nginx.conf": main,
      "/etc/nginx/conf.d/app.conf": "server {\n  listen 8080;\n  \n  location / { proxy_pass http://app:8000; }\n}\n",
      "/etc/nginx/conf.d/same.conf": conf,
    },
  );
  expect(
    subject.files.filter(({ target }) => target.startsWith("/etc/nginx")).map(({ path, target, isCopy = false }) => [path, target, isCopy]),
  ).toEqual([
    ["deploy/compose.yml#/etc/nginx/nginx.conf", "/etc/nginx/nginx.conf", true],
    ["deploy/t/app.tpl", "/etc/nginx/conf.d/app.conf", true],
    ["deploy/same.conf", "/etc/nginx/conf.d/same.conf", false],
  ]);
  expect(subject.stubs[0]?.what).toBe("2 files that the entry point wrote: /etc/nginx/nginx.conf, /etc/nginx/conf.d/app.conf");
});

test("a block of several lines in place of a variable is no longer the template's line", () => {
  const place = { file: "c.yml", line: 1, column: 1, start: 0, end: 0 };
  const source = { path: "a.tpl", target: "/a.tpl", text: "a\n${B}\nc\n", bytes: new Uint8Array(), place, inline: null };
  const [one] = writtenFiles([{ name: "/etc/nginx/a", body: Buffer.from("a\nb1;\nb2;\nc\n") }], [source], "c.yml", place);
  expect(one?.path).toBe("c.yml#/etc/nginx/a");
});
