// What is published: packed as npm packs it, unpacked where nothing but its dependencies is, and used from there.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { needsOldNode, oldNode } from "../_needs.ts";

const root = join(import.meta.dirname, "../..");
let folder = "";

const runIn = async (where: string, command: string, ...args: string[]): Promise<{ code: number | null; out: string; err: string }> => {
  // npm must take this Node, and Vitest must not believe to run inside itself.
  const environment = { PATH: `${dirname(process.execPath)}:${process.env["PATH"]}`, HOME: process.env["HOME"], NO_COLOR: "1" };
  const child = spawn(command, args, { cwd: where, env: environment, stdio: ["ignore", "pipe", "pipe"] });
  const closed = once(child, "close") as Promise<[number | null]>;
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { code, out, err };
};

const command = (): string => join(folder, "node_modules/.bin/hopwise");
const hopwise = (...args: string[]) => runIn(folder, command(), ...args);

const forms = join(root, "test/unit/catalog/forms");

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hopwise-package-"));
  const packed = await runIn(root, "npm", "pack", "--silent", "--pack-destination", folder);
  if (packed.code !== 0) throw new Error(`npm pack failed: ${packed.err}${packed.out}`);
  const unpacked = await runIn(folder, "tar", "xzf", packed.out.trim().split("\n").at(-1) ?? "");
  if (unpacked.code !== 0) throw new Error(unpacked.err);
  const modules = join(folder, "node_modules");
  await mkdir(join(modules, ".bin"), { recursive: true });
  await cp(join(folder, "package"), join(modules, "hopwise"), { recursive: true });
  const { dependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { dependencies: Record<string, string> };
  for (const name of [...Object.keys(dependencies), "vitest"]) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(join(root, "node_modules", name), join(modules, name));
  }
  await symlink("../hopwise/bin/hopwise.cjs", join(modules, ".bin/hopwise"));
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test("the command line lists the whole catalog", async () => {
  const { code, out, err } = await hopwise("list");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  for (const title of ["Scenarios", "Servers", "Middlewares", "Origins"])
    expect(out).toMatch(new RegExp(`^${title} \\([1-9]\\d*\\)$`, "m"));
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
  expect((await hopwise("--version")).out).toBe(`${version}\n`);
});

test("on an old Node it says what to do, and takes the Node that npm installed beside it", needsOldNode, async () => {
  const onOldNode = (...args: string[]) => runIn(folder, oldNode?.file ?? "", command(), ...args);
  expect(await onOldNode("list")).toEqual({
    code: 3,
    out: "",
    err: expect.stringMatching(
      /^hopwise: Node 2\d\.\S+ is too old: .*; use Node 24 or newer, .*"npm install --save-dev node@24" in a project\n$/,
    ),
  });
  const beside = join(folder, "node_modules/node");
  await symlink(join(root, "node_modules/node"), beside);
  try {
    const { code, out, err } = await onOldNode("list", "origins");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^Origins \([1-9]\d*\)$/m);
  } finally {
    await rm(beside);
  }
});

test("the library runs a scenario in processes of the built files", async () => {
  await writeFile(
    join(folder, "use.mjs"),
    `import { defineScenario, runScenario, AuthorError } from "hopwise";
import schema from "hopwise/scenario.schema.json" with { type: "json" };
import reportSchema from "hopwise/report.schema.json" with { type: "json" };
const scenario = defineScenario({
  title: "Events survive",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["gzip:flush"] }],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
const report = await runScenario(scenario, { runtime: "process", id: "mine" });
const refused = await runScenario({ ...scenario, must: { deliver: "now" } }, { runtime: "process" }).catch((error) => error);
console.log(JSON.stringify({ id: report.id, outcome: report.outcome, file: report.file, title: schema.title, report: reportSchema.title,
  refused: refused instanceof AuthorError && refused.message }));`,
  );
  const { code, out, err } = await runIn(folder, process.execPath, "use.mjs");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(JSON.parse(out)).toEqual({
    id: "mine",
    outcome: "pass",
    file: null,
    title: "A scenario of Hopwise",
    report: "hopwise.report/1",
    refused: 'Scenario "scenario": must.deliver is "now"; valid are incrementally',
  });
});

test("a scenario of the user's own, in TypeScript and in YAML", async () => {
  await mkdir(join(folder, "deploy"));
  await cp(join(forms, "gzip-without-flush-holds-events.yaml"), join(folder, "deploy/edge.yaml"));
  await writeFile(
    join(folder, "deploy/typed.ts"),
    `import { defineScenario, type Scenario } from "hopwise";
const scenario: Scenario = { title: "Headers pass", chain: [{ app: "sse" }, "http-pipe"], trial: { kind: "header-hold" }, must: { headers: "promptly" } };
export default defineScenario(scenario);`,
  );
  const { code, out } = await hopwise("run", "deploy", "--runtime", "process");
  expect(out).toMatch(/2 passed, 0 failed, 0 skipped/);
  expect(code).toBe(0);
});

test("the examples of docs/library.md run as they stand there", async () => {
  const library = join(folder, "library");
  await cp(join(root, "test/e2e/library"), library, { recursive: true });
  const one = await runIn(library, process.execPath, "one-scenario.mjs");
  expect(one.err).toBe("");
  const figures = (printed: string): string => printed.replaceAll(/\d+/g, "#");
  const shown = await readFile(join(root, "docs/samples/library/one-scenario.txt"), "utf8");
  expect(figures(one.out)).toBe(figures(shown));
  const errors = await runIn(library, process.execPath, "errors.mjs");
  expect(errors).toMatchObject({ code: 0, err: "", out: expect.stringMatching(/^A mistake of mine: .*no-such-file\.yaml/) });
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const file = join(folder, "library-results.json");
  const flags = ["--reporter=json", `--outputFile=${file}`, "--testTimeout=60000"];
  const reported = await runIn(library, process.execPath, vitest, "run", "--root", library, ...flags);
  const { numPassedTests, numTotalTests, success } = JSON.parse(await readFile(file, "utf8").catch(() => "{}")) as Record<string, unknown>;
  expect({ numPassedTests, numTotalTests, success }, `${reported.err}${reported.out}`).toEqual({
    numPassedTests: 5,
    numTotalTests: 5,
    success: true,
  });
  await rm(library, { recursive: true });
});

test("a folder of scenarios is a suite of Vitest: what fails fails, what cannot run here is skipped", async () => {
  await mkdir(join(folder, "edge"));
  const scenario = (title: string, hop: string): string =>
    `title: ${title}\nchain: [{ app: sse }, ${hop}]\nrequest: { acceptEncoding: gzip }\ntrial: { kind: paced }\nmust: { deliver: incrementally }\n`;
  await writeFile(join(folder, "edge/good.yaml"), scenario("good streams", "http-pipe"));
  await writeFile(join(folder, "edge/bad.yaml"), scenario("bad holds", "{ server: http-pipe, middlewares: [gzip] }"));
  await mkdir(join(folder, "servers"), { recursive: true });
  await writeFile(
    join(folder, "servers/absent.mjs"),
    `import { defineServer } from "hopwise";
export default defineServer({ kind: "binary", clients: ["h1"], title: "Absent", link: "https://example.org", binary: "no-such-binary", image: "none",
  version: { args: [], pattern: /(x)/ }, debian: { release: "trixie", packages: [] }, files: () => ({}), args: () => [], variants: { default: { title: "none" } } });`,
  );
  await writeFile(join(folder, "edge/absent.yaml"), scenario("absent is skipped", "absent"));
  await writeFile(
    join(folder, "edge.test.mjs"),
    `import { expect, test } from "vitest";
import { runScenario } from "hopwise";
import { suite } from "hopwise/vitest";
suite(new URL("./edge", import.meta.url), { runtime: "process", servers: ["servers"] });
test("one by hand", async () => {
  const report = await runScenario("edge/good.yaml", { runtime: "process" });
  expect(report).toArriveIncrementally();
  expect(() => expect(report).toPassHeadersPromptly()).toThrow();
});`,
  );
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const file = join(folder, "results.json");
  const reported = await runIn(
    folder,
    process.execPath,
    vitest,
    "run",
    "--root",
    folder,
    "--reporter=json",
    `--outputFile=${file}`,
    "--testTimeout=60000",
  );
  const { testResults } = JSON.parse(await readFile(file, "utf8").catch(() => `{"testResults":[]}`)) as {
    testResults: { assertionResults: { title: string; status: string; failureMessages: string[] }[] }[];
  };
  if (testResults.length === 0) throw new Error(`${reported.err}${reported.out}`);
  const results = testResults.flatMap(({ assertionResults }) => assertionResults);
  expect(Object.fromEntries(results.map(({ title, status }) => [title, status]))).toEqual({
    "good streams": "passed",
    "bad holds": "failed",
    "absent is skipped": "skipped",
    "one by hand": "passed",
  });
  const [message] = results.find(({ title }) => title === "bad holds")?.failureMessages ?? [];
  expect(message).toContain("delivery buffered · culprit: gzip");
  expect(message).toContain("origin writes");
});
