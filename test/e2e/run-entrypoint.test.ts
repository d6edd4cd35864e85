// What `--run-entrypoint` runs is untrusted: it gets no network, no rights, and little memory, time and room; and only plain files come back.
import { rm, mkdtemp, mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { sandboxOf } from "../../harness/check/sandbox.ts";
import { packaging } from "../../harness/check/servers/nginx/packaging.ts";
import type { BinaryServer } from "../../harness/define.ts";
import { AuthorError } from "../../harness/errors.ts";
import { runEntrypoint } from "../../harness/runtime/entrypoint.ts";
import type { EntrypointRan } from "../../harness/runtime/entrypoint.ts";
import { ensureImage, recipeOf } from "../../harness/runtime/images.ts";
import type { TarEntry } from "../../harness/runtime/tar.ts";
import nginx from "../../proxies/nginx.ts";
import { hopwise } from "./_cli.ts";
import { describeWithEngine, engine } from "./engine.ts";

let image = "";
let folder = "";

const run = (script: string, environment: Record<string, string> = {}): Promise<EntrypointRan> =>
  runEntrypoint(engine(), {
    title: "The entry point",
    image,
    entrypoint: ["sh", "-c", script],
    command: null,
    environment,
    workdir: null,
    entries: [],
    programs: packaging.programs,
    version: "nginx/1.26.3",
    prefixes: packaging.folders,
  });

/** The text of what the script wrote to this file of /etc/nginx. */
const wrote = ({ files }: EntrypointRan, name: string): string =>
  files.find((file) => file.name === `/etc/nginx/${name}`)?.body.toString() ?? "";

const refusal = (script: string): Promise<string> =>
  run(script).then(
    () => "it ran",
    (error: unknown) => (error instanceof AuthorError ? error.message : String(error)),
  );

const start = "exec nginx -g 'daemon off;'";

describeWithEngine("a sandbox for an entry point", () => {
  beforeAll(async () => {
    if (nginx.kind !== "binary") throw new Error("nginx is a program");
    const recipe = recipeOf(nginx);
    image = await ensureImage(engine(), { ...recipe, packages: [...recipe.packages, "gettext-base", "openssl"] }, () => {});
    folder = await mkdtemp(join(tmpdir(), "hopwise-entrypoint-"));
  }, 300_000);
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it("gives back what was written, what was removed, and what the server would be started with", async () => {
    const ran = await run(
      "nginx -t && nginx -v && mkdir -p /etc/nginx/conf.d && echo \"listen $PORT;\" > /etc/nginx/conf.d/a.conf && ln -s conf.d/a.conf /etc/nginx/b.conf && rm /etc/nginx/fastcgi.conf && exec nginx -c /etc/nginx/conf.d/a.conf -g 'daemon off;'",
      { PORT: "80" },
    );
    expect(ran.files.map(({ name, body }) => [name, body.toString()])).toEqual([
      ["/etc/nginx/conf.d/a.conf", "listen 80;\n"],
      ["/etc/nginx/b.conf", "listen 80;\n"],
    ]);
    expect(ran.gone).toEqual(["/etc/nginx/fastcgi.conf"]);
    expect(ran.started.slice(1)).toEqual(["-c", "/etc/nginx/conf.d/a.conf", "-g", "daemon off;"]);
  });

  it("has no network, no rights beyond a server's, and nothing of the caller's environment", async () => {
    process.env["HOPWISE_CALLERS_OWN"] = "secret";
    const ran = await run(
      `cut -d: -f1 -s /proc/net/dev > /etc/nginx/devices.conf; printenv > /etc/nginx/environment.conf; grep -E '^(NoNewPrivs|CapEff)' /proc/self/status > /etc/nginx/rights.conf; { mount -t tmpfs none /mnt; mknod /tmp/sda b 8 0; unshare -n true; } && touch /etc/nginx/escaped.conf; ${start}`,
    );
    delete process.env["HOPWISE_CALLERS_OWN"];
    expect(wrote(ran, "devices.conf").trim()).toBe("lo");
    expect(wrote(ran, "environment.conf")).not.toContain("HOPWISE_CALLERS_OWN");
    expect(wrote(ran, "rights.conf")).toMatch(/NoNewPrivs:\t1/);
    // Neither SYS_ADMIN (21) nor NET_ADMIN (12), SYS_PTRACE (19) or MKNOD (27).
    const rights = BigInt(`0x${/CapEff:\t(\w+)/.exec(wrote(ran, "rights.conf"))?.[1] ?? "f"}`);
    expect([21n, 12n, 19n, 27n].filter((bit) => (rights >> bit) & 1n)).toEqual([]);
    expect(ran.files.map(({ name }) => name)).not.toContain("/etc/nginx/escaped.conf");
  });

  it("gives back plain files only: no link out of its folders, no pipe, no device", async () => {
    const ran = await run(
      `cd /etc/nginx; ln -s /etc/shadow out.conf; ln -s ../../../../etc/passwd up.conf; ln -s loop.conf loop.conf; mkfifo pipe.conf; echo x > '/etc/nginx/a\nb.conf'; ${start}`,
    );
    expect(ran.files.map(({ name }) => name).filter((name) => /out|up|loop|pipe/.test(name))).toEqual([]);
  });

  it.each([
    ["waits for ever", "sleep 600", /^The entry point did not start its server within 10 s\./],
    ["ends", "echo no such thing >&2; exit 3", /^The entry point ended with exit code 3 and started no server\.[^]*no such thing/],
    ["says that it has started, and has not", "echo 0123456789abcdef0123456789abcdef; sleep 600", /did not start its server within 10 s/],
    ["takes all memory", "tail /dev/zero; exit 1", /started no server/],
    ["starts processes without end", "f() { f | f & }; f; sleep 600", /did not start its server|started no server/],
    [
      "writes too many files",
      `i=0; while [ $i -lt 1100 ]; do : > /etc/nginx/$i.conf; i=$((i+1)); done; ${start}`,
      /leaves more than 1000 files/,
    ],
    ["writes too much", `head -c 11000000 /dev/zero > /etc/nginx/a.conf; ${start}`, /leaves more than 10 MB/],
  ])("one that %s is stopped", async (_, script, says) => {
    expect(await refusal(script)).toMatch(says);
  });

  it("where the image cannot be had, the public image's own start is done as it does it", async () => {
    const file = (name: string, body: string): TarEntry => ({ name, kind: "file", body, mode: 0o755 });
    const sandbox = sandboxOf(
      engine(),
      async () => nginx as BinaryServer,
      { image: null, version: null },
      () => {},
      new AbortController().signal,
    );
    const { files, started } = await sandbox({
      title: "The entry point",
      image: "hopwise.invalid/nginx:1.26",
      entrypoint: null,
      command: null,
      environment: { BACKEND: "web:8000" },
      workdir: null,
      entries: [
        file("/etc/nginx/templates/sub/a.conf.template", "proxy_pass http://${BACKEND}$request_uri; # ${UNKNOWN}\n"),
        file("/docker-entrypoint.d/10-first.envsh", "export BACKEND=$BACKEND.example\n"),
        file("/docker-entrypoint.d/30-later.sh", "#!/bin/sh\ncat /etc/nginx/conf.d/sub/a.conf > /etc/nginx/seen.conf\n"),
      ],
      packaging,
    });
    const text = "proxy_pass http://web:8000.example$request_uri; # ${UNKNOWN}\n";
    const made = files
      .filter(({ name }) => !name.startsWith("/etc/nginx/templates"))
      .map(({ name, body }) => [name, body.toString()] as const);
    expect(Object.fromEntries(made)).toEqual({ "/etc/nginx/conf.d/sub/a.conf": text, "/etc/nginx/seen.conf": text });
    expect(started).toHaveLength(1);
  });

  it("leaves nothing behind, and runs nothing unless it is asked to", async () => {
    const left = await engine().docker.listContainers({ all: true, filters: { label: ["hopwise.run"] } });
    expect(left.filter(({ Labels }) => Labels["hopwise.run"]?.startsWith("entrypoint-"))).toEqual([]);
    await mkdir(join(folder, "plain"));
    const compose = 'services:\n  edge:\n    image: nginx:1.26\n    entrypoint: ["sh", "-c", "echo ran > /etc/nginx/x && exec nginx"]\n';
    await writeFile(join(folder, "plain/compose.yml"), compose);
    const { code, err } = await hopwise(["check", "compose.yml"], { folder: join(folder, "plain") });
    expect([code, err]).toEqual([2, expect.stringContaining("--run-entrypoint runs just that in a sandbox without a network")]);
  });

  it("values of variables with secret names are in no output", async () => {
    await mkdir(join(folder, "secret"));
    const compose = `services:
  edge:
    image: nginx:1.26
    entrypoint: ["sh", "-c", "printf 'events { }\\nhttp { server { listen 80; proxy_set_header X-Key %s;\\n location / { proxy_pass http://app:1; } nonsense %s; } }\\n' \\"$$API_KEY\\" \\"$$API_KEY\\" > /etc/nginx/nginx.conf && exec nginx"]
    environment: { API_KEY: hunter2-hunter2 }
`;
    await writeFile(join(folder, "secret/compose.yml"), compose);
    const { code, out, err } = await hopwise(["check", "compose.yml", "--run-entrypoint"], { folder: join(folder, "secret") });
    expect([code, err]).toEqual([2, expect.stringContaining('unknown directive "nonsense"')]);
    expect(out + err).not.toContain("hunter2");
  });
});
