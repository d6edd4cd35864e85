// `hopwise check` from the outside: a configuration goes in, the culprit line and its fix come out.
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judge } from "../../harness/model/judge/judge.ts";
import type { Trace } from "../../harness/model/trace.ts";
import type { CheckReport, Finding } from "../../harness/report/check-report.ts";
import type { PredictedReport } from "../../harness/report/predicted-report.ts";
import { hopwise } from "./_cli.ts";
import { describeWithEngine } from "./engine.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hopwise-check-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const put = async (name: string, text: string | Uint8Array): Promise<string> => {
  await mkdir(join(folder, name, ".."), { recursive: true });
  await writeFile(join(folder, name), text);
  return name;
};

/** One sentence on the standard error, nothing on the other. */
const refused = async (...args: string[]): Promise<{ code: number | null; err: string }> => {
  const { code, out, err } = await hopwise(["check", ...args], { folder });
  expect(out).toBe("");
  return { code, err: err.replaceAll(folder, "<folder>") };
};

describe("what cannot be checked is reported in one sentence", () => {
  it.each<[name: string, content: string | Uint8Array | null, says: RegExp]>([
    ["missing.conf", null, /^hopwise: .*missing\.conf.*\n$/],
    ["binary.conf", Buffer.from("server {\0}"), /^hopwise: .*binary\.conf.*binary.*\n$/],
    ["large.conf", `# ${"x".repeat(10 * 1024 * 1024)}`, /^hopwise: .*large\.conf.*MB.*\n$/],
    ["empty.conf", "", /^hopwise: .*empty\.conf.*\n$/],
    ["open.conf", "server {\n  listen 80;\n  location / {\n", /^hopwise: open\.conf:\d+: .*\n$/],
    ["static.conf", "server { listen 80; location / { root /srv; } }", /^hopwise: .*static\.conf.*\n$/],
    [
      "include.conf",
      "server { listen 80; include /etc/nginx/snippets/mine.conf; location / { proxy_pass http://web; } }",
      /^hopwise: include\.conf:1: .*mine\.conf.*\n$/,
    ],
    [
      "template.conf",
      "server { listen 80; location / { proxy_pass http://${BACKEND}; } }",
      /^hopwise: template\.conf:1: .*BACKEND.*--env.*\n$/,
    ],
  ])("%s", async (name, content, says) => {
    if (content !== null) await put(name, content);
    const { code, err } = await refused(name);
    expect(err).toMatch(says);
    expect(code).toBe(2);
  });

  it("a link that leads out of the folder", async () => {
    await put("linked/nginx.conf", "events {}\nhttp { include conf.d/*.conf; }\n");
    await mkdir(join(folder, "linked/conf.d"));
    await symlink("/etc/hostname", join(folder, "linked/conf.d/app.conf"));
    const { code, err } = await refused("linked/nginx.conf");
    expect(err).toMatch(/^hopwise: .*app\.conf.*\n$/);
    expect(code).toBe(2);
  });

  it("a purpose, a reporter, a variable that are none", async () => {
    await put("good.conf", "server { listen 80; location / { proxy_pass http://web:8000; } }");
    expect(await refused("good.conf", "--for", "sss")).toMatchObject({ code: 2, err: expect.stringContaining('did you mean "sse"') });
    expect(await refused("good.conf", "--reporter", "xml")).toMatchObject({ code: 2 });
    expect(await refused("good.conf", "--env", "BACKEND")).toMatchObject({ code: 2, err: expect.stringContaining("NAME=value") });
    expect(await refused("good.conf", "--path", "no-slash")).toMatchObject({ code: 2 });
    expect(await refused("good.conf", "--save-traces", "good.conf")).toMatchObject({
      code: 2,
      err: 'hopwise: The folder "good.conf" cannot be created: a file has that name\n',
    });
  });

  it("a hopwise.yaml that says what is not known", async () => {
    await put("wishes/hopwise.yaml", "for: sse\nmust: { deliver: quickly }\n");
    await put("wishes/good.conf", "server { listen 80; location / { proxy_pass http://web:8000; } }");
    const { code, err } = await hopwise(["check", "good.conf"], { folder: join(folder, "wishes") });
    expect(err).toMatch(/^hopwise: hopwise\.yaml:2: must\.deliver is "quickly"; valid are incrementally\n$/);
    expect(code).toBe(2);
  });
});

describe("without a container engine", () => {
  const nowhere = { DOCKER_HOST: "unix:///nowhere/docker.sock" };
  const bare = "server {\n  listen 80;\n  location / {\n    proxy_pass http://web:8000;\n  }\n}\n";
  const without = (...args: string[]) => hopwise(["check", ...args], { folder, environment: nowhere });

  it("the report is a prediction, and says so on its first line", async () => {
    await put("bare.conf", bare);
    const { code, out, err } = await without("bare.conf");
    expect(out).toMatch(/^No container engine answers: nothing was run\. Predicted from the configuration, not proven:\n/);
    expect(out).toMatch(/^GET http:\/\/\S+\/\n/m);
    expect(out).toMatch(/^ {2}! bare\.conf:3: proxy_buffering off is not set \(default: on\)\n {4}may hold /m);
    expect(out).toContain("DOCKER_HOST is unix:///nowhere/docker.sock");
    expect(out).toContain("npm run prepare-engine");
    expect(out).toContain("npx hopwise doctor");
    expect(err).toBe("");
    expect(code).toBe(3);
  });

  it("a healthy configuration is no pass either", async () => {
    await put("healthy.conf", healthy);
    const { code, out } = await without("healthy.conf");
    expect(out).toMatch(/^0 risks, 1 note predicted on 1 route, 0 trials run\n$/m);
    expect(code).toBe(3);
  });

  it("in JSON nothing is found, and what is predicted is apart; the standard error says that nothing was run", async () => {
    await put("bare.conf", bare);
    const { code, out, err } = await without("bare.conf", "--reporter", "json");
    const report = JSON.parse(out) as PredictedReport;
    expect(report).toMatchObject({ server: null, findings: [], notRun: { reason: "no-container-engine", at: nowhere.DOCKER_HOST } });
    expect(report.predicted.length).toBeGreaterThan(0);
    expect(new Ajv({ strict: false }).validate(await readSchema(), report)).toBe(true);
    expect(err).toMatch(/^hopwise: No container engine answers: nothing was run, .*hopwise doctor.*\n$/);
    expect(code).toBe(3);
  });

  it("--write writes nothing, --keep-app starts nothing, and both are said", async () => {
    await put("kept/bare.conf", bare);
    const compose = "services:\n  proxy: { image: nginx, volumes: [./bare.conf:/etc/nginx/conf.d/default.conf] }\n  web: { image: web }\n";
    await put("kept/compose.yaml", compose);
    const { code, out } = await without("kept/compose.yaml", "--write", "--keep-app");
    expect(out).toContain("--write: nothing was written");
    expect(out).toContain("--keep-app: your application was not started");
    expect(await readFile(join(folder, "kept/bare.conf"), "utf8")).toBe(bare);
    expect(code).toBe(3);
  });

  it("what cannot be read, and what was asked for wrongly, is refused all the same", async () => {
    await put("open.conf", "server {\n  listen 80;\n  location / {\n");
    await put("bare.conf", bare);
    expect(await without("open.conf")).toMatchObject({ code: 2, out: "", err: expect.stringMatching(/^hopwise: open\.conf:\d+: /) });
    expect(await without("bare.conf", "--keep-app")).toMatchObject({ code: 2, out: "", err: expect.stringMatching(/--keep-app is for/) });
  });
});

const readSchema = async (): Promise<object> =>
  JSON.parse(await readFile(join(import.meta.dirname, "../../harness/report/check.schema.json"), "utf8")) as object;

const checked = async (name: string, ...args: string[]): Promise<{ code: number | null; report: CheckReport }> => {
  const { code, out, err } = await hopwise(["check", name, "--reporter", "json", ...args], { folder });
  if (out === "") throw new Error(err);
  return { code, report: JSON.parse(out) as CheckReport };
};

const lines = ({ findings }: CheckReport): string[] => findings.map(({ rule, at }: Finding) => `${rule} ${at.file}:${at.line}`).toSorted();

const healthy = `
upstream app { server web:8000; keepalive 8; }
server {
  listen 80;
  server_name app.example;
  location /events {
    proxy_pass http://app;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_buffering off;
  }
}
`;

/** Of each trial on the one route as given, and of those on changed copies: each can be judged again. */
const expectTraces = async (name: string, { routes: [route] }: CheckReport): Promise<void> => {
  const names = (await readdir(join(folder, name))).toSorted();
  const read = async (file: string | undefined): Promise<Trace> =>
    JSON.parse(await readFile(join(folder, name, file ?? ""), "utf8")) as Trace;
  for (const { check } of route?.checks ?? [])
    expect(names.filter((file) => /^\d{4}-configured-0-/.test(file) && file.includes(`-${check}`)).length, check).toBeGreaterThanOrEqual(1);
  expect(names.filter((file) => file.includes("-configured-0-"))).not.toEqual(names);
  for (const file of names) expect((await read(file)).schema).toBe("hopwise.trace/1");
  const gzip = names.findLast((file) => /-configured-0-.*-gzip(?:-attempt-2)?\.json$/.test(file));
  expect(judge(await read(gzip)).facets).toEqual(route?.checks.find(({ check }) => check === "gzip")?.scenario.facets);
};

describeWithEngine("a configuration in a container", () => {
  it("that is healthy passes; the timeout of a minute is named", async () => {
    await put("healthy.conf", healthy);
    const { code, report } = await checked("healthy.conf");
    expect(report.findings).toMatchObject([{ level: "note", rule: "timed-out", at: { line: 6 } }]);
    expect(report.routes.map(({ url, upstreams }) => [url, upstreams])).toEqual([["http://app.example/events", ["web:8000"]]]);
    const limits = report.routes[0]?.limits ?? [];
    expect(limits.map(({ kind }) => kind)).toEqual(["idle-timeout", "first-byte-timeout"]);
    // What this machine does to a stream at worst, by a clock that runs as much faster; or what the report says that it is off by.
    for (const { ms, uncertaintyMs, timeScale } of limits)
      expect(Math.abs(ms - 60_000)).toBeLessThanOrEqual(Math.max(uncertaintyMs, 0.02 * 60_000 + timeScale * (report.control?.maxMs ?? 0)));
    expect(report.routes[0]?.noLimits).toMatchObject([{ kind: "total-timeout" }]);
    expect(code).toBe(0);
    expect(new Ajv({ strict: false }).validate(await readSchema(), report)).toBe(true);
  });

  it("that holds events to who takes gzip, and cuts them after five seconds: the lines, the fixes, and --write makes them all", async () => {
    await put(
      "gzip.conf",
      healthy
        .replace("    proxy_buffering off;\n", "    gzip on;\n    gzip_types text/event-stream;\n")
        .replace("server {", "proxy_read_timeout 5s;\nserver {"),
    );
    const { code, report } = await checked("gzip.conf", "--write", "--save-traces", "traces/gzip");
    expect(lines(report)).toContain("buffered gzip.conf:12");
    expect(lines(report)).toContain("timed-out gzip.conf:3");
    const finding = report.findings.find(({ rule }) => rule === "buffered");
    expect(finding).toMatchObject({
      culprit: { directive: expect.stringContaining("gzip_types"), absent: false },
      conditions: ["Accept-Encoding: gzip"],
    });
    // One fix for the route: without buffering nginx flushes what it compresses, and gzip may stay.
    expect(finding?.fix?.diff).toMatch(/^\+.*proxy_buffering off;/m);
    expect(finding?.fix?.diff).toMatch(/^\+.*proxy_read_timeout 1h;/m);
    expect(code).toBe(1);
    const fixed = await readFile(join(folder, "gzip.conf"), "utf8");
    expect(fixed).toMatch(/location \/events \{[^}]*proxy_buffering off;/);
    expect(fixed).toMatch(/location \/events \{[^}]*proxy_read_timeout 1h;/);
    await expectTraces("traces/gzip", report);
  });

  it("of nginx 1.22 with HTTP/2 over TLS: its protocol holds the header section, and a client that is offered another one takes it", async () => {
    await cp(join(import.meta.dirname, "../configs/tls-http2/app.conf"), await put("h2/app.conf", "").then((name) => join(folder, name)));
    const web = "{ image: nginx:1.22, volumes: [./app.conf:/etc/nginx/conf.d/default.conf] }";
    await put("h2/compose.yaml", `services:\n  web: ${web}\n  backend: { image: backend }\n`);
    const { code, report } = await checked("h2/compose.yaml");
    expect(report.server.version).toMatch(/^nginx\/1\.22\./);
    expect(report.findings.filter(({ level }) => level !== "note")).toMatchObject([
      {
        rule: "held",
        level: "warning",
        at: { line: 9 },
        culprit: { directive: "listen … http2" },
        fix: { diff: expect.stringMatching(/^\+ {4}listen 443 ssl;$/m) },
      },
    ]);
    expect(code).toBe(0);
  });

  it("that nginx refuses: its own words, with the name that the user has for the file", async () => {
    await put("refused.conf", healthy.replace("proxy_buffering off", "proxy_bufering off"));
    const { code, err } = await refused("refused.conf");
    expect(err).toMatch(
      /^hopwise: nginx refuses the configuration: .*unknown directive "proxy_bufering" in refused\.conf:10; did you mean proxy_buffering off;\n$/,
    );
    expect(code).toBe(2);
    // It names no line for these.
    await put("unknown.conf", healthy.replace('Connection ""', "Connection $connection_upgrade"));
    const unknown = await refused("unknown.conf");
    expect(unknown.err).toMatch(/^hopwise: nginx refuses the configuration: .*unknown "connection_upgrade" variable in unknown\.conf:9\n$/);
    expect(unknown.code).toBe(2);
  });
});

describeWithEngine("a compose file of version 1 with Gunicorn as nginx's upstream", () => {
  const configs = join(import.meta.dirname, "../configs");

  it("streams with proxy_buffering off, and without that line the fault is found", async () => {
    for (const name of ["seed-v1", "seed-v1-buffered"]) await cp(join(configs, name), join(folder, name), { recursive: true });
    // Its image has no tag, and the newest nginx holds no small events.
    const [off, on] = await Promise.all(
      ["seed-v1", "seed-v1-buffered"].map((name) => checked(`${name}/docker-compose.yml`, "--server-version", "1.26")),
    );
    expect(off!.report.findings.filter(({ rule }) => rule === "buffered" || rule === "batched" || rule === "lagging")).toEqual([]);
    expect(on!.report.findings.map(({ rule }) => rule)).toContain("buffered");
    expect(on!.code).toBe(1);
  });
});
