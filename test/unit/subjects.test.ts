// Packages that are only put under test are loaded where a chain names them, and nowhere else.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { openCatalog } from "../../harness/catalog/catalog.ts";
import { packageName } from "../../harness/host/packages.ts";

const root = join(import.meta.dirname, "../..");

/** Says at the end which packages the process has loaded a file of. */
const watching = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from "node:module";
  import { writeSync } from "node:fs";
  const seen = new Set();
  registerHooks({ load: (url, context, next) => {
    const [, name] = /.*\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)\\//.exec(url) ?? [];
    if (name) seen.add(name);
    return next(url, context);
  } });
  process.on("exit", () => writeSync(2, "\\nloaded: " + [...seen].join(" ")));
`)}`;

const loadedBy = async (...args: string[]): Promise<string[]> => {
  const { stderr } = await promisify(execFile)(process.execPath, ["--import", watching, ...args], { cwd: root });
  return (/\nloaded: (.*)$/.exec(stderr)?.[1] ?? "nothing was said").split(" ").filter(Boolean);
};

const subjects = async (): Promise<Set<string>> => {
  const { servers, middlewares } = openCatalog();
  const definitions = await Promise.all([...servers.entries, ...middlewares.entries].map(({ load }) => load()));
  const wrapped = definitions.flatMap((definition) => ("package" in definition ? [definition.package ?? []].flat().map(packageName) : []));
  const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { devDependencies: Record<string, string> };
  return new Set([...wrapped, ...Object.keys(devDependencies)]);
};

test.for([
  "harness/cli.ts --help",
  "harness/cli.ts check --help",
  "harness/cli.ts list servers",
  "harness/cli.ts list middlewares",
  "harness/cli.ts run --showcase --grep none",
  "harness/index.ts",
])("node %s loads none of them", async (line) => {
  const args = line.split(" ");
  const of = await subjects();
  const loaded = await loadedBy(...args).catch(({ stderr }: { stderr: string }) => stderr.split("\nloaded: ")[1]?.split(" ") ?? [stderr]);
  expect(loaded.filter((name) => of.has(name))).toEqual([]);
  // What the harness itself needs is seen, so that nothing seen says something.
  if (args.length > 1) expect(loaded).toContain("commander");
});

test("a definition that has made its server has loaded its package", async () => {
  const script = `import("./proxies/http-proxy.ts").then(({ default: { handler } }) => handler({ upstream: new URL("http://localhost"), options: {} }))`;
  expect(await loadedBy("--input-type=module", "--eval", script)).toContain("http-proxy");
});
