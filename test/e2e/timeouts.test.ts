// `hopwise timeouts` as a program: what it prints, where, and how it ends. It starts nothing, so that no engine has to answer.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packageRoot } from "../../harness/catalog/package-root.ts";
import type { TimeoutsReport } from "../../harness/report/timeouts-report.ts";
import { sampleRuns } from "../../scripts/_samples.ts";
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

test.for(sampleRuns().filter(({ id }) => id.startsWith("timeouts/")))(
  "$command prints what docs/timeouts.md shows",
  async ({ command, folder: sample, recorded, exitCode }) => {
    const [, ...args] = command.split(" ").slice(1);
    const { code, out, err } = await hopwise(args, { folder: join(packageRoot, sample), environment });
    expect({ code, err }).toEqual({ code: exitCode, err: "" });
    expect(out).toBe(await readFile(join(packageRoot, recorded), "utf8"));
  },
);

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
  ["", "hopwise timeouts needs a configuration, a chain or a platform, e.g. npx hopwise timeouts deploy/nginx.conf"],
  ["cloudfare", '"cloudfare" is neither a hop, a platform or a scenario of the catalog, nor a file; did you mean "cloudflare"?'],
  ["missing.conf", 'There is no file or folder "missing.conf" in <folder>'],
  ["nginx,,heroku", 'The chain "nginx,,heroku" has an empty hop; write e.g. nginx,heroku'],
  ["nginx:unbufferd", 'The command line: "nginx" has no variant "unbufferd"; did you mean "unbuffered"?'],
  ["nginx@1.23", 'The command line: "nginx" has no version "1.23"; did you mean "1.22"?'],
  [
    "deploy/nginx.conf,odd.conf",
    'The chain "deploy/nginx.conf,odd.conf" has 2 configurations; name one, and of the other servers the id (npx hopwise list servers)',
  ],
  ["deploy/nginx.conf --platform herku", '--platform names platform "herku", which does not exist; did you mean "heroku"?'],
  ["deploy/nginx.conf --platform heroku,", "--platform has an empty name; write e.g. heroku,cloudflare"],
  ["deploy/nginx.conf --platform vercel:egde", '--platform: platform "vercel" has no "egde"; did you mean "edge"?'],
  ["nginx,heroku --path /events", "--path is for a configuration, and there is none in nginx,heroku"],
  ["deploy/nginx.conf --env WEB", "--env WEB is not of the form NAME=value"],
  ["deploy/nginx.conf --jsn", "unknown option '--jsn' (Did you mean --json?); see npx hopwise --help"],
] as const)("hopwise timeouts %s is refused in one sentence", async ([args, sentence]) => {
  const { code, out, err } = await timeouts(args.split(" ").filter((word) => word !== ""));
  expect({ code, out, err: err.replaceAll(folder, "<folder>") }).toEqual({ code: 2, out: "", err: `hopwise: ${sentence}\n` });
});

test("--help teaches by examples that run", async () => {
  const { code, out } = await timeouts(["--help"]);
  expect(code).toBe(0);
  const examples = Array.from(out.matchAll(/^ {2}npx hopwise timeouts (\S.*?)(?: {2,}.*)?$/gm), ([, args = ""]) => args.split(" "));
  expect(examples.length).toBeGreaterThan(5);
  for (const example of examples.filter((args) => !args.includes("docker-compose.yml")))
    expect(await timeouts(example), example.join(" ")).toMatchObject({ code: 0, err: "" });
});
