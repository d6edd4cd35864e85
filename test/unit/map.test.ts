// docs/how-it-works.md is the map: it names every folder of the engine, and nothing that is not there.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../../harness/catalog/package-root.ts";

const map = readFileSync(join(packageRoot, "docs/how-it-works.md"), "utf8");

const foldersOf = (folder: string): string[] => [
  `${folder}/`,
  ...readdirSync(join(packageRoot, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isDirectory())
    .map(({ parentPath, name }) => `${relative(packageRoot, join(parentPath, name))}/`),
];

test("every folder of the engine and the catalog has one sentence", () => {
  const rows = Array.from(map.matchAll(/^\| `([^`]+\/)` \| \S.*\|$/gm), ([, folder = ""]) => folder);
  const folders = [...foldersOf("harness"), "origins/", "proxies/", "platforms/", "middlewares/", "scenarios/"];
  expect(folders.filter((folder) => !rows.includes(folder))).toEqual([]);
  expect(rows.filter((folder) => folder.startsWith("harness/") && !folders.includes(folder))).toEqual([]);
  expect(new Set(rows).size).toBe(rows.length);
});

test("every file and folder that it names is there", () => {
  const named = Array.from(map.matchAll(/(?<![\w./<-])[\w-]+(?:\/[\w-]+)*(?:\.ts\b|\/(?=[`,\s]))/g), ([path]) => path);
  expect(named.length).toBeGreaterThan(40);
  const isThere = (path: string): boolean =>
    ["", "harness", "harness/check/servers/nginx"].some((from) => existsSync(join(packageRoot, from, path)));
  expect([...new Set(named)].filter((path) => !isThere(path))).toEqual([]);
});

test("the functions in its picture are exported by the files that it names", () => {
  const steps = Array.from(map.matchAll(/([\w/-]+\.ts): (\w+)\b/g), ([, file = "", name = ""]) => ({ file, name }));
  for (const { file, name } of steps)
    expect(readFileSync(join(packageRoot, "harness", file), "utf8"), file).toMatch(new RegExp(`^export const ${name}\\b`, "m"));
  expect(steps.length).toBeGreaterThan(5);
});

/** What a file imports, types included, of the files given. */
const importsIn = (file: string, files: ReadonlySet<string>): string[] =>
  Array.from(readFileSync(file, "utf8").matchAll(/ from "(\.[^"]+)"/g), ([, path = ""]) => join(dirname(file), path)).filter((path) =>
    files.has(path),
  );

const sources = (): Set<string> => {
  const folder = join(packageRoot, "harness");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  return new Set(names.map((name) => join(folder, name)));
};

test("measuring does not know reports, types included", () => {
  const files = sources();
  const reached = new Set([join(packageRoot, "harness/session/measure.ts")]);
  for (const file of reached) for (const other of importsIn(file, files)) reached.add(other);
  const names = [...reached].map((file) => relative(packageRoot, file));
  expect(names.filter((name) => name.startsWith("harness/report/"))).toEqual([]);
  expect(names.length).toBeGreaterThan(50);
});

test("no files of harness import each other in a circle, types included", () => {
  const folder = join(packageRoot, "harness");
  const files = sources();
  const done = new Set<string>();
  const visit = (file: string, trail: readonly string[]): void => {
    if (trail.includes(file)) expect.fail([...trail.slice(trail.indexOf(file)), file].map((one) => relative(folder, one)).join(" → "));
    if (done.has(file)) return;
    for (const other of importsIn(file, files)) visit(other, [...trail, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(done.size).toBe(files.size);
});

test.for(["harness/check", "harness/deployment"])(
  "no file of %s but those of the server itself imports a server or names its program",
  (path) => {
    const folder = join(packageRoot, path);
    for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }))
      if (name.endsWith(".ts") && !name.startsWith("servers/"))
        expect(readFileSync(join(folder, name), "utf8").replaceAll(/^ *(?:\/\/|\/?\*).*$/gm, ""), name).not.toMatch(/nginx/i);
  },
);
