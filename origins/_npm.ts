// npm packages for an application: what npm has installed for Hopwise's own development, with all that it depends on, as files beside the
// application's sources. So an application in a container needs no registry.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join, relative, sep } from "node:path";

interface Manifest {
  name: string;
  version: string;
  dependencies?: Record<string, string>;
}

const code = new Set([".js", ".cjs", ".mjs", ".json"]);
const root = join(import.meta.dirname, "..");

/** The folder of a package as Node finds it from `from`; null where npm has not installed it. */
const folderOf = (name: string, from: string): string | null =>
  // With a path: some packages are named like a module of Node's own.
  (createRequire(join(from, "package.json")).resolve.paths(`${name}/package.json`) ?? [])
    .map((place) => join(place, name))
    .find((folder) => manifestIn(folder) !== null) ?? null;

const manifestIn = (folder: string): Manifest | null => {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  } catch {
    return null;
  }
};

const closureOf = (name: string, from: string, known: Map<string, Manifest>): void => {
  const folder = folderOf(name, from);
  const manifest = folder === null ? null : manifestIn(folder);
  if (folder === null || manifest === null || known.has(folder)) return;
  known.set(folder, manifest);
  for (const needed of Object.keys(manifest.dependencies ?? {})) closureOf(needed, folder, known);
};

/** Their files by path, e.g. `node_modules/hono/package.json`; without those that no program imports. */
export const packageFiles = (...names: string[]): Record<string, string> => {
  const known = new Map<string, Manifest>();
  for (const name of names) closureOf(name, root, known);
  return Object.fromEntries(
    Array.from(known.keys(), (folder) => filesIn(folder).map((file) => [relative(root, file), readFileSync(file, "utf8")] as const)).flat(),
  );
};

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && code.has(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !relative(folder, dirname(file)).split(sep).includes("node_modules"));

/** `hono/4.12.3`, or nothing that looks like a version. */
export const packageVersion = (name: string): string => {
  const folder = folderOf(name, root);
  return `${name}/${(folder === null ? null : manifestIn(folder)?.version) ?? "is not installed"}`;
};
