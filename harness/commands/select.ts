// The scenarios that a command line names: by id, file, folder or pattern.
import { existsSync } from "node:fs";
import { glob, stat } from "node:fs/promises";
import { basename, matchesGlob, resolve } from "node:path";
import type { Catalog } from "../catalog/catalog.ts";
import type { Entry } from "../catalog/shelf.ts";
import { scenarioFromFile } from "../catalog/catalog.ts";
import { Shelf } from "../catalog/shelf.ts";
import type { Scenario } from "../define.ts";
import { AuthorError } from "../errors.ts";
import { checkScenario } from "../catalog/schema.ts";
import { partsOf } from "../catalog/versions.ts";

export interface Selection {
  /** Ids, files, folders or patterns; empty: the whole catalog, without real applications. */
  what: readonly string[];
  /** With real applications, too, whose images take minutes to build. */
  applications?: boolean | undefined;
  grep?: string | undefined;
  showcase?: boolean | undefined;
}

/** Throws an AuthorError if an argument matches nothing: an empty run must not look like a pass. */
export const select = async (
  catalog: Catalog,
  { what, grep, showcase = false, applications = false }: Selection,
): Promise<Entry<Scenario>[]> => {
  const named =
    what.length === 0 ? await wholeOf(catalog, applications) : (await Promise.all(what.map((one) => entriesOf(catalog, one)))).flat();
  const chosen = distinct(named);
  if (chosen.length === 0)
    throw new AuthorError("There is no scenario to run, since the catalog is empty: name a file, e.g. npx hopwise run ./edge.ts");
  const shown = showcase ? await filter(chosen, ({ scenario }) => scenario.showcase === true) : chosen;
  if (shown.length === 0) throw new AuthorError(`No selected scenario has showcase: true (${chosen.length} selected); omit --showcase`);
  const hint = what.length === 0 && !applications ? "; those with real applications need --applications" : "";
  return grep === undefined ? shown : matching(shown, grep, hint);
};

const wholeOf = async (catalog: Catalog, applications: boolean): Promise<readonly Entry<Scenario>[]> => {
  const { entries } = catalog.scenarios;
  if (applications) return entries;
  const origins = await Promise.all(catalog.origins.entries.map(async ({ id, load }) => ({ id, definition: await load() })));
  const real = new Set(origins.flatMap(({ id, definition }) => (definition.kind === "application" ? [id] : [])));
  return filter(entries, ({ scenario }) => !real.has(partsOf(scenario.chain[0].app).server));
};

export const matching = async (entries: readonly Entry<Scenario>[], grep: string, hint = ""): Promise<Entry<Scenario>[]> => {
  const pattern = patternOf(grep);
  const found = await filter(entries, ({ entry, scenario }) => pattern.test(entry.id) || pattern.test(scenario.title));
  if (found.length === 0) {
    const ids = entries.map(({ id }) => id);
    throw new AuthorError(
      `--grep ${grep} matches no id and no title. There are: ${ids.slice(0, 8).join(", ")}${ids.length > 8 ? ` and ${ids.length - 8} more (npx hopwise list scenarios)` : ""}${hint}`,
    );
  }
  return found;
};

const patternOf = (grep: string): RegExp => {
  try {
    return new RegExp(grep, "i");
  } catch (cause) {
    throw new AuthorError(`--grep ${grep} is not a valid regular expression: ${(cause as Error).message.split(": ").at(-1)}`, { cause });
  }
};

const filter = async (
  entries: readonly Entry<Scenario>[],
  keeps: (one: { entry: Entry<Scenario>; scenario: Scenario }) => boolean,
): Promise<Entry<Scenario>[]> => {
  const loaded = await Promise.all(entries.map(async (entry) => ({ entry, scenario: await entry.load() })));
  return loaded.filter(keeps).map(({ entry }) => entry);
};

type Kind = "id" | "pattern of ids" | "file" | "pattern of files" | "folder";

/** An id has precedence over a folder of the same name. A path has a slash, a leading dot or an extension. */
const kindOf = async (catalog: Catalog, word: string): Promise<Kind> => {
  if (catalog.scenarios.ids.includes(word)) return "id";
  const isPattern = /[*?[\]{}]/.test(word);
  const isPath = /\.(ts|js|mjs|ya?ml)$|[/\\]|^\./.test(word);
  if (isPattern) return isPath ? "pattern of files" : "pattern of ids";
  const found = await stat(word).catch(() => null);
  return found?.isDirectory() ? "folder" : isPath ? "file" : "id";
};

const entriesOf = async (catalog: Catalog, word: string): Promise<Entry<Scenario>[]> => {
  switch (await kindOf(catalog, word)) {
    case "id":
      return [catalog.scenarios.find(word, "The command line")];
    case "pattern of ids": {
      const found = catalog.scenarios.entries.filter(({ id }) => matchesGlob(id, word));
      if (found.length > 0) return found;
      throw new AuthorError(`"${word}" matches no scenario id (see npx hopwise list scenarios). For files, use a path, e.g. "./${word}"`);
    }
    case "file":
      if (!existsSync(word)) throw new AuthorError(`There is no file "${word}" in ${process.cwd()}`);
      return [scenarioFromFile(word)];
    case "pattern of files": {
      const files: string[] = [];
      for await (const file of glob(word)) if (!basename(file).startsWith("_") && !file.endsWith(".d.ts")) files.push(file);
      if (files.length > 0) return files.toSorted().map(scenarioFromFile);
      throw new AuthorError(`"${word}" matches no file in ${process.cwd()}`);
    }
    case "folder": {
      const { entries } = new Shelf<Scenario>("a scenario", [word], checkScenario);
      if (entries.length > 0) return entries;
      throw new AuthorError(
        `The folder "${word}" contains no scenario file (.yaml, .yml, .ts, .js or .mjs; names that start with _ are ignored)`,
      );
    }
  }
};

/** Without duplicates. The file name is the id, so two files of one name cannot be distinguished. */
const distinct = (entries: readonly Entry<Scenario>[]): Entry<Scenario>[] => {
  const byId = new Map<string, Entry<Scenario>>();
  for (const entry of entries) {
    const known = byId.get(entry.id);
    if (known && resolve(known.file) !== resolve(entry.file))
      throw new AuthorError(
        `${known.file} and ${entry.file} both have the id "${entry.id}", which is the file name: rename one, or run one at a time`,
      );
    byId.set(entry.id, entry);
  }
  return [...byId.values()];
};
