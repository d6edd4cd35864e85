// Transcripts of the command line, with exit codes: what needs no runtime.
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packageRoot } from "../../harness/catalog/package-root.ts";

const cli = join(import.meta.dirname, "../../harness/cli.ts");
let folder = "";

const hopwise = async (...args: string[]): Promise<{ code: number | null; out: string; err: string }> => {
  const { NO_COLOR: _, FORCE_COLOR: __, ...environment } = process.env;
  // Some libraries take a CI for a terminal.
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: folder,
    env: { ...environment, CI: "true" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, out, err: err.replaceAll(folder, "<folder>") };
};

/** Exit code and standard error; nothing may be on the standard output. */
const refused = async (...args: string[]): Promise<string> => {
  const { code, out, err } = await hopwise(...args);
  expect(out).toBe("");
  return `${err}→ ${code}`;
};

const scenario = {
  title: "Events survive",
  chain: [{ app: "sse" }, "http-pipe"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
};

const files: Record<string, string> = {
  "good.ts": `export default ${JSON.stringify(scenario)};`,
  "wrong-word.ts": `export default ${JSON.stringify({ ...scenario, must: { deliver: "incrementaly" } })};`,
  "wrong-field.ts": `export default ${JSON.stringify({ ...scenario, trail: {} })};`,
  "wrong-server.ts": `export default ${JSON.stringify({ ...scenario, chain: [{ app: "sse" }, "http-pip"] })};`,
  "wrong-variant.ts": `export default ${JSON.stringify({ ...scenario, chain: [{ app: "sse" }, "nginx:unbufferd"] })};`,
  "throws.ts": `throw new Error("no such luck");`,
  "does-not-parse.ts": `export default {`,
  "wrong-word.yaml": "title: x\nchain: [{ app: sse }, http-pipe]\ntrial: { kind: lock-step }\nmust:\n  deliver: incrementaly\n",
  "wrong-server.yaml": "title: x\nchain:\n  - app: sse\n  - http-pip\ntrial: { kind: lock-step }\nmust: { deliver: incrementally }\n",
  "syntax.ts": `export default {\n  title: "x"\n  chain: [],\n};\n`,
  "helper.ts": `export const chain = (): never => {\n  throw new Error("no such luck");\n};\n`,
  "throws-below.ts": `import { chain } from "./helper.ts";\n\nexport default { chain: chain() };\n`,
  "imports-syntax.ts": `import "./syntax.ts";\n`,
  "from-another-folder.ts": `import "../harness/define.ts";\n`,
  "not-built.ts": `import ${JSON.stringify(join(packageRoot, "dist/harness/no-such-file.js"))};\n`,
  "empty-command.yaml": "title: x\nchain:\n  - app: sse\n  - 'command: '\ntrial: { kind: lock-step }\nmust: { deliver: incrementally }\n",
  "command-with-middlewares.yaml":
    "title: x\nchain:\n  - app: sse\n  - { server: 'command:node x.js', middlewares: [gzip] }\ntrial: { kind: lock-step }\nmust: { deliver: incrementally }\n",
  "no-default.ts": `export const scenario = {};`,
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hopwise-cli-"));
  for (const [name, source] of Object.entries(files)) await writeFile(join(folder, name), source);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test("an unknown id names the nearest", async () => {
  expect(await refused("run", "nginx-gzip-hold-events")).toMatchInlineSnapshot(`
    "hopwise: The command line names scenario "nginx-gzip-hold-events", which does not exist; did you mean "nginx-gzip-holds-events"?
    → 2"
  `);
});

test.for([
  ["--runtim", "process"],
  ["--runtime", "contaner"],
  ["--concurrency", "0"],
  ["--reporter", "jsn"],
  ["--reporter", "json="],
  ["--grep", "("],
  ["--hop", ""],
  ["--hop", "node x.js", "--runtime", "container"],
  ["--hop", "node x.js", "good.ts"],
  ["--hop", "node x.js", "--grep", "nothing of that name"],
  ["--image", "nginx:1.29", "--runtime", "process"],
  ["good.ts", "--grep", "nothing of that name"],
  ["good.ts", "--showcase"],
  ["good.ts", "--save-traces", "good.ts"],
  ["good.ts", "--shard", "4/3"],
  ["good.ts", "--shard", "1/2"],
  ["good.ts", "--baseline", "missing.json"],
  ["good.ts", "--baseline", "good.ts"],
  ["good.ts", "--reporter", "json", "--reporter", "junit"],
  ["good.ts", "--reporter", "junit=."],
  ["wrong-word.yaml"],
  ["wrong-server.yaml"],
  ["empty-command.yaml"],
  ["command-with-middlewares.yaml"],
])("hopwise run %s is refused in one sentence", async (args) => {
  expect(await refused("run", ...args)).toMatchSnapshot();
});

test.for([
  ["rnu"],
  ["list", "srvers"],
  ["run", "missing.ts"],
  ["run", "*.tsx"],
  ["merge"],
  ["merge", "missing.json"],
  ["merge", "good.ts"],
  ["run", "zzz-*"],
  ["run", "good.ts", "sub/../no/good.ts"],
])("hopwise %s is refused in one sentence", async (args) => {
  expect(await refused(...args)).toMatchSnapshot();
});

test.for(["wrong-word", "wrong-field", "wrong-server", "wrong-variant", "throws", "does-not-parse", "no-default"])(
  "%s.ts is the author's error: the file, the place, what to do",
  async (name) => {
    const transcript = await refused("run", "good.ts", `${name}.ts`);
    expect(transcript).toMatch(/→ 2$/);
    expect(transcript).not.toMatch(/\n\s+at /);
    expect(transcript).toMatchSnapshot();
  },
);

test.for([
  ["syntax.ts", /^hopwise: syntax\.ts:3 could not be loaded as a scenario: Expected/],
  ["throws-below.ts", /^hopwise: throws-below\.ts:3 could not be loaded as a scenario: no such luck$/m],
  ["imports-syntax.ts", /^hopwise: imports-syntax\.ts could not be loaded as a scenario: \S*syntax\.ts:3: Expected/],
  ["from-another-folder.ts", /; outside scenarios\/, import from "hopwise", or omit the import$/m],
  ["not-built.ts", /; run "npm run build" in \S+$/m],
] as const)("%s could not be loaded: the error says where and what to do", async ([name, sentence]) => {
  const transcript = await refused("run", name);
  expect(transcript).toMatch(sentence);
  expect(transcript).toMatch(/^[^\n]+\n→ 2$/);
});

test("no command at all is no pass", async () => {
  const { code, out, err } = await hopwise();
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain("Usage: npx hopwise");
});

test("--help teaches with examples", async () => {
  const [main, run] = await Promise.all([hopwise("--help"), hopwise("run", "--help")]);
  expect({ code: main.code, err: main.err }).toEqual({ code: 0, err: "" });
  expect(main.out).toContain("npx hopwise run nginx-gzip-holds-events");
  expect(main.out).toMatch(/130 {2}interrupted/);
  expect(run.out).toContain('npx hopwise run --hop "node my-proxy.js"');
  expect(run.out).toContain("defineScenario");
});

test("--version", async () => {
  expect(await hopwise("--version")).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), err: "" });
});

test("list shows the catalog and what can run here", async () => {
  const { code, out, err } = await hopwise("list");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  for (const title of ["Scenarios", "Servers", "Middlewares", "Origins"]) expect(out).toMatch(new RegExp(`^${title} \\(\\d+\\)$`, "m"));
  expect(out).toMatch(/^ {2}nginx-gzip-holds-events\n {4}.+\n {4}sse → nginx:gzip → client {3}paced$/m);
  expect(out).toMatch(/^ {4}nginx:unbuffered +proxy_buffering off$/m);
  expect(out).toMatch(/(A|No) container engine answers/);
});

test("list of servers shows the versions that a chain can name", async () => {
  const { out } = await hopwise("list", "servers");
  expect(out).toMatch(/^ {4}in containers, also as nginx@1\.18, @1\.22, @1\.26, @1\.30, or a range: nginx@<1\.30$/m);
  expect(out).toMatch(/^ {4}runs in Node; in older versions of Node as http-proxy@node20( \(.+\))?, @node22( \(.+\))?$/m);
});

test("list of one part shows that part", async () => {
  const { code, out } = await hopwise("list", "origins");
  expect(code).toBe(0);
  expect(out).toContain("Origins");
  expect(out).not.toContain("Servers");
});

test("doctor reports what is installed, and a fix for what is missing", async () => {
  const { code, out, err } = await hopwise("doctor");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const lines = out.split("\n");
  expect(lines[0]).toMatch(/^✓ Node v\d+/);
  for (const [index, line] of lines.entries())
    if (line.startsWith("○")) expect(lines.slice(index).find((other) => !/^[○ ] \S/.test(other))).toMatch(/^ {4}→ /);
  expect(out).toMatch(/nginx/);
  expect(out).toMatch(/container engine answers/);
});
