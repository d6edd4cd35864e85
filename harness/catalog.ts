// Lists and imports what authors wrote: the folder listing is the registry, and the file name is the id.
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { distance } from "fastest-levenshtein";
import type { MiddlewareDefinition, OriginDefinition, Scenario, ServerDefinition } from "./define.ts";
import { AuthorError } from "./runtime/runtime.ts";
import { checkScenario } from "./schema.ts";
import { noLines, rememberSource } from "./source.ts";
import type { LineOf } from "./source.ts";

/** One entry of a catalogue folder: found by its name, imported when it is needed. */
export interface Entry<T> {
  id: string;
  file: string;
  load: () => Promise<T>;
}

/** What a kind of file must look like. A kind that has a check is data, and may be YAML too. */
type Check<T> = (value: T, file: string, lineOf: LineOf) => T;

export class Shelf<T> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #what: string;

  constructor(what: string, folders: readonly string[], check?: Check<T>) {
    this.#what = what;
    for (const folder of folders)
      for (const name of listed(folder, check ? dataFile : codeFile, what)) {
        const file = join(folder, name);
        const id = basename(name, extname(name));
        const same = this.#entries.get(id);
        if (same && dirname(same.file) === dirname(file))
          throw new AuthorError(`${same.file} and ${file} are both called "${id}"; the file's name is the id: rename one`);
        this.#entries.set(id, { id, file, load: () => loadDefault(file, what, check) });
      }
  }

  get ids(): string[] {
    return [...this.#entries.keys()];
  }

  get entries(): Entry<T>[] {
    return [...this.#entries.values()];
  }

  /** Throws an AuthorError that names the nearest id. */
  find(id: string, askedBy: string): Entry<T> {
    const entry = this.#entries.get(id);
    if (!entry) throw new AuthorError(`${askedBy} names ${this.#what} "${id}", which does not exist; ${nearestTo(id, this.ids)}`);
    return entry;
  }
}

/** "did you mean …" if something is near, else what there is. */
export const nearestTo = (word: string, words: readonly string[]): string => {
  const nearest = words.toSorted((a, b) => distance(word, a) - distance(word, b))[0];
  if (nearest === undefined) return "there is none at all";
  return distance(word, nearest) <= Math.max(2, word.length / 3)
    ? `did you mean "${nearest}"?`
    : `there are: ${words.toSorted().join(", ")}`;
};

const codeFile = /\.(ts|js|mjs)$/;
const yamlFile = /\.ya?ml$/;
const dataFile = /\.(ts|js|mjs|ya?ml)$/;

const listed = (folder: string, wanted: RegExp, what: string): string[] => {
  try {
    return readdirSync(folder)
      .filter((name) => wanted.test(name) && !name.endsWith(".d.ts") && !name.startsWith("_"))
      .toSorted();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why =
      code === "ENOENT" ? `is not there, seen from ${process.cwd()}` : code === "ENOTDIR" ? "is a file" : `cannot be read: ${message}`;
    throw new AuthorError(`The folder "${folder}" (kind: ${what}) ${why}`, { cause });
  }
};

const loadDefault = async <T>(file: string, what: string, check?: Check<T>): Promise<T> => {
  if (!check || !yamlFile.test(file)) {
    const value = await importDefault<T>(file, what);
    return check ? checked(value, file, noLines, check) : value;
  }
  const { value, lineOf } = await readYaml(file, what);
  if (value === null) throw new AuthorError(`${file} is empty; a scenario is one object: title, chain, trial …`);
  return checked(value as T, file, lineOf, check);
};

const checked = <T>(value: T, file: string, lineOf: LineOf, check: Check<T>): T => {
  const right = check(value, file, lineOf);
  rememberSource(right as object, { file, lineOf });
  return right;
};

/** The parser is loaded with the first file that needs it. */
const readYaml = async (file: string, what: string): Promise<{ value: unknown; lineOf: LineOf }> => {
  const [text, { parseYaml }] = await Promise.all([readFile(file, "utf8").catch((cause: Error) => cause), import("./yaml.ts")]);
  if (text instanceof Error) throw new AuthorError(`${file} could not be read as ${what}: ${text.message}`, { cause: text });
  return parseYaml(text, file);
};

const importDefault = async <T>(file: string, what: string): Promise<T> => {
  let module: { default?: T };
  try {
    module = (await import(pathToFileURL(resolve(file)).href)) as { default?: T };
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    const { line, elsewhere } = placeOf(cause, file);
    throw new AuthorError(`${file}${line} could not be loaded as ${what}: ${elsewhere}${problem}${remedyFor(problem)}`, { cause });
  }
  if (module.default === undefined) throw new AuthorError(`${file} has no default export; ${what} is one object: export default …`);
  return module.default;
};

/** Node puts the place of a syntax error above its message, and that of a throw into the frames below. */
const placeOf = (cause: unknown, file: string): { line: string; elsewhere: string } => {
  const { stack = "", message = "" } = cause instanceof Error ? cause : {};
  const at = Math.max(stack.indexOf(message), 0);
  const above = stack.slice(0, at).matchAll(/^(\S.*):(\d+)$/gm);
  const frames = stack.slice(at + message.length).matchAll(/^ +at .*?(file:\/\/.+):(\d+):\d+\)?$/gm);
  const own = resolve(file);
  const found = [...above, ...frames].map(([, path = "", line = ""]) => ({
    path: path.startsWith("file://") ? fileURLToPath(path) : path,
    line,
  }));
  const place = found.find(({ path }) => path === own) ?? found[0];
  if (!place) return { line: "", elsewhere: "" };
  return place.path === own ? { line: `:${place.line}`, elsewhere: "" } : { line: "", elsewhere: `${place.path}:${place.line}: ` };
};

const remedyFor = (problem = ""): string => {
  const [, kind, missing = ""] = problem.match(/^Cannot find (package|module) '([^']+)'/) ?? [];
  if (kind === "package") return `; install it with "npm install --save-dev ${missing}"`;
  if (missing.startsWith(join(packageRoot, "dist/"))) return `; "npm run build" in ${packageRoot} makes it`;
  if (/[/\\]harness[/\\]define\.ts$/.test(missing)) return '; outside of scenarios/ import it from "hopwise", or leave the import out';
  return "";
};

export interface Catalog {
  servers: Shelf<ServerDefinition>;
  middlewares: Shelf<MiddlewareDefinition>;
  origins: Shelf<OriginDefinition>;
  scenarios: Shelf<Scenario>;
}

/** Where Hopwise itself stands: the folder above this one, in the sources and in the published build alike. */
export const packageRoot = resolve(import.meta.dirname, "..");

/** The catalogue, and further folders with servers and middlewares (tests bring theirs). */
export const openCatalog = (more: { servers?: string[]; middlewares?: string[]; scenarios?: string[] } = {}): Catalog => ({
  servers: new Shelf("server", [join(packageRoot, "proxies"), ...(more.servers ?? [])]),
  middlewares: new Shelf("middleware", [join(packageRoot, "middlewares"), ...(more.middlewares ?? [])]),
  origins: new Shelf("origin", [join(packageRoot, "origins")]),
  scenarios: new Shelf("scenario", [join(packageRoot, "scenarios"), ...(more.scenarios ?? [])], checkScenario),
});

/** A scenario in a file of its own, by its path. */
export const scenarioFromFile = (file: string): Entry<Scenario> => ({
  id: basename(file, extname(file)),
  file,
  load: () => loadDefault<Scenario>(file, "a scenario", checkScenario),
});
