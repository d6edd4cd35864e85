// `hopwise timeouts` as a program: what it prints, where, and how it ends. It starts nothing, so that no engine has to answer.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TimeoutsReport } from "../../harness/report/timeouts-report.ts";
import { hopwise } from "./_cli.ts";
import type { Ended } from "./_cli.ts";

let folder = "";

const server = (lines: string): string => `events {}\nhttp {\n  server {\n    listen 80;\n${lines}  }\n}\n`;

const files: Record<string, string> = {
  "deploy/nginx.conf": server(
    "    location /events { proxy_pass http://web:8000; proxy_read_timeout 20s; }\n    location /chat { proxy_pass http://web:8000; }\n",
  ),
  "odd.conf": server("    location / { proxy_pass http://web:8000; proxy_read_timeout soon; }\n"),
  "site.template": "server { listen 80; location / { proxy_pass http://$WEB; proxy_read_timeout ${SILENCE}s; } }\n",
  "mine.yaml":
    "title: Mine\nchain: [{ app: sse }, nginx, { server: http-pipe, middlewares: [timeout:idle] }]\ntrial: { kind: lock-step }\nmust: { deliver: incrementally }\n",
  "project/hopwise.yaml": "path: /chat\n",
  "project/nginx.conf": server(
    "    location /events { proxy_pass http://web:8000; proxy_read_timeout 20s; }\n    location /chat { proxy_pass http://web:8000; proxy_read_timeout 9s; }\n",
  ),
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hopwise-timeouts-"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** No engine answers there. */
const environment = { DOCKER_HOST: "tcp://127.0.0.1:9", CI: "true" };
const timeouts = (args: readonly string[], where = "."): Promise<Ended> =>
  hopwise(["timeouts", ...args], { folder: join(folder, where), environment });

test("a configuration behind two platforms: who sets the strictest timeout of each kind, and the heartbeat", async () => {
  const { code, out, err } = await timeouts(["deploy/nginx.conf", "--platform", "heroku", "--platform", "cloudflare"]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatchSnapshot();
});

test("a chain of the catalog: what was measured of it", async () => {
  const { code, out, err } = await timeouts(["django:uwsgi-chunked,nginx@1.22:unbuffered,fly"]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatchSnapshot();
});

test("--json prints the report, and nothing else", async () => {
  const { code, out, err } = await timeouts(["deploy/nginx.conf", "--path", "/events", "--json"]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const report = JSON.parse(out) as TimeoutsReport;
  expect(report).toMatchObject({ schema: "hopwise.timeouts/1", given: "deploy/nginx.conf", platforms: [] });
  expect(report.chains).toMatchObject([{ routes: [":80/events"], heartbeat: { everyMs: 10_000, idleMs: 20_000 } }]);
  expect(report.chains[0]?.strictest["idle-timeout"]).toMatchObject([
    { source: { from: "configuration", file: "deploy/nginx.conf", line: 5, directive: "proxy_read_timeout 20s" } },
  ]);
});

test("a template, a scenario of the user's own, and the route of hopwise.yaml", async () => {
  const template = await timeouts(["site.template", "--env", "WEB=web:8000", "--env", "SILENCE=12"]);
  expect(template).toMatchObject({ code: 0, err: "", out: expect.stringMatching(/^heartbeat +at least every 6 s: /m) });
  const scenario = await timeouts(["mine.yaml"]);
  expect(scenario).toMatchObject({ code: 0, err: "", out: expect.stringMatching(/^nginx → http-pipe → timeout:idle → client\n/) });
  const project = await timeouts(["nginx.conf"], "project");
  expect(project).toMatchObject({ code: 0, err: "", out: expect.stringMatching(/^routes +:80\/chat$/m) });
  expect(project.out).not.toContain("/events");
});

test("a value that cannot be read leaves the answer open: exit code 3", async () => {
  const { code, out, err } = await timeouts(["odd.conf"]);
  expect({ code, err }).toEqual({ code: 3, err: "" });
  expect(out).toMatch(/^not read +nginx: proxy_read_timeout soon \(odd\.conf:5\): its value is not known$/m);
});

test.for([
  [],
  ["cloudfare"],
  ["missing.conf"],
  ["nginx,,heroku"],
  ["nginx:unbufferd"],
  ["nginx@1.23"],
  ["deploy/nginx.conf,odd.conf"],
  ["deploy/nginx.conf", "--platform", "herku"],
  ["deploy/nginx.conf", "--platform", "heroku,"],
  ["deploy/nginx.conf", "--platform", "vercel:egde"],
  ["deploy/nginx.conf", "--path", "/nothing"],
  ["deploy/nginx.conf", "--env", "WEB"],
  ["nginx,heroku", "--path", "/events"],
  ["deploy/nginx.conf", "--jsn"],
])("hopwise timeouts %s is refused in one sentence", async (args) => {
  const { code, out, err } = await timeouts(args);
  expect(out).toBe("");
  expect(err).toMatch(/^hopwise: [^\n]+\n$/);
  expect(`${err.replaceAll(folder, "<folder>")}→ ${code}`).toMatchSnapshot();
});

test("--help teaches by examples that run", async () => {
  const { code, out } = await timeouts(["--help"]);
  expect(code).toBe(0);
  const examples = Array.from(out.matchAll(/^ {2}npx hopwise timeouts (\S.*?)(?: {2,}.*)?$/gm), ([, args = ""]) => args.split(" "));
  expect(examples.length).toBeGreaterThan(5);
  for (const example of examples.filter((args) => !args.includes("docker-compose.yml")))
    expect(await timeouts(example), example.join(" ")).toMatchObject({ code: 0, err: "" });
});
