// All files that Node programs need to run elsewhere: what they import, in turn, and the npm packages of it, at the same places under
// another root, so that Node finds everything as it does here. Types are stripped on the way: Debian's Node cannot do it.
import { existsSync } from "node:fs";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { isBuiltin, stripTypeScriptTypes } from "node:module";
import { dirname, join, resolve, sep } from "node:path";
import type { TarEntry } from "./tar.ts";

export interface Closure {
  /** What these programs need and was not returned before. */
  collect: (files: string[]) => Promise<TarEntry[]>;
  /** Where a file is in the container. */
  locate: (file: string) => string;
}

/** Node knows `.ts` only where it can strip types: this loader marks it as already stripped. */
export const loader = `import { readFileSync } from "node:fs";
import module from "node:module";
const load = (url, context, next) =>
  /^file:.*\\.[cm]?ts$/.test(url) ? { format: "module", source: readFileSync(new URL(url), "utf8"), shortCircuit: true } : next(url, context);
// Before 22.15 hooks run on a thread of their own.
if (module.registerHooks) module.registerHooks({ load });
else module.register("data:text/javascript," + encodeURIComponent('import { readFileSync } from "node:fs"; export const load = ' + load));
`;

const imports = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*(["'])([^"'\n]+)\1/g;
const endings = ["", ".js", ".cjs", ".mjs", ".json", ".ts", `${sep}index.js`];
/** Of packages: what only people and compilers read. */
const unread = /\.(map|md|markdown|d\.[cm]?ts|tsbuildinfo)$/;

export const createClosure = (root: string): Closure => {
  const seen = new Set<string>();
  const locate = (file: string): string => root + posixPath(file);
  const isNew = (path: string): boolean => seen.size < seen.add(path).size;

  const addFile = async (path: string): Promise<TarEntry[]> => {
    const file = await realpath(path);
    if (!isNew(file)) return [];
    const body = await readFile(file, "utf8");
    const code = /\.[cm]?ts$/.test(file) ? strip(body) : body;
    const wanted = /\.[cm]?[jt]s$/.test(file) ? [...code.matchAll(imports)].map((match) => match[2] ?? "") : [];
    const others = await Promise.all(wanted.map((specifier) => addImport(specifier, file)));
    return [{ name: locate(file), kind: "file", body: code }, ...(await addManifest(dirname(file))), ...others.flat()];
  };

  /** What cannot be found is left to Node, which says so better. */
  const addImport = async (specifier: string, from: string): Promise<TarEntry[]> => {
    if (isBuiltin(specifier) || specifier.startsWith("#")) return [];
    if (!/^\.{0,2}\//.test(specifier)) return addPackage(specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/"), dirname(from));
    for (const ending of endings) {
      const file = resolve(dirname(from), specifier + ending);
      if (await isFile(file)) return addFile(file);
    }
    return [];
  };

  /** The nearest package.json decides what a `.js` file is. */
  const addManifest = async (folder: string): Promise<TarEntry[]> => {
    const file = join(folder, "package.json");
    if (await isFile(file)) return isNew(file) ? [{ name: locate(file), kind: "file", body: await readFile(file) }] : [];
    return dirname(folder) === folder ? [] : addManifest(dirname(folder));
  };

  const addPackage = async (name: string, from: string): Promise<TarEntry[]> => {
    const found = findUp(join("node_modules", name), from);
    if (found === null || !isNew(found)) return [];
    const folder = await realpath(found);
    const link: TarEntry[] = folder === found ? [] : [{ name: locate(found), kind: "link", target: locate(folder) }];
    if (folder !== found && !isNew(folder)) return link;
    const { dependencies, optionalDependencies, peerDependencies } = await manifest(folder);
    const needed = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
    const parts = await Promise.all([addFolder(folder), ...needed.map((one) => addPackage(one, folder))]);
    return [...link, ...parts.flat()];
  };

  const addFolder = async (folder: string): Promise<TarEntry[]> => {
    const entries = await readdir(folder, { withFileTypes: true });
    const parts = entries.map(async (entry): Promise<TarEntry[]> => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === "node_modules" || entry.name === ".git" ? [] : addFolder(path);
      return entry.isFile() && !unread.test(entry.name) ? [{ name: locate(path), kind: "file", body: await readFile(path) }] : [];
    });
    return (await Promise.all(parts)).flat();
  };

  return { locate, collect: async (files) => (await Promise.all(files.map(addFile))).flat() };
};

const posixPath = (file: string): string =>
  resolve(file)
    .replace(/^([a-z]):/i, "/$1")
    .replaceAll("\\", "/");

type Manifest = Record<"dependencies" | "optionalDependencies" | "peerDependencies", Record<string, string> | undefined>;

const manifest = async (folder: string): Promise<Manifest> => JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Manifest;

const findUp = (path: string, from: string): string | null => {
  const found = join(from, path);
  if (existsSync(join(found, "package.json"))) return found;
  return dirname(from) === from ? null : findUp(path, dirname(from));
};

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

/** Without the warning that the function is experimental: the files run under the same Node without it. */
const strip = (source: string): string => {
  const warn = Object.getOwnPropertyDescriptor(process, "emitWarning");
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    if (warn) Object.defineProperty(process, "emitWarning", warn);
  }
};
