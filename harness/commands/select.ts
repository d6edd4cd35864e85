// Which scenarios a command line means: ids, files, folders and patterns of either.
import { existsSync } from "node:fs";
import { glob, stat } from "node:fs/promises";
import { basename, matchesGlob, resolve } from "node:path";
import type { Catalog, Entry } from "../catalog.ts";
import { scenarioFromFile, Shelf } from "../catalog.ts";
import type { Scenario } from "../define.ts";
import { AuthorError } from "../runtime/runtime.ts";
import { checkScenario } from "../schema.ts";

export interface Selection {
  /** Ids, files, folders or patterns; none: the whole catalogue. */
  what: readonly string[];
  grep?: string | undefined;
  showcase?: boolean | undefined;
}

/** Throws an AuthorError for whatever names nothing: a run that judged nothing must not look like a pass. */
export const select = async (catalog: Catalog, { what, grep, showcase = false }: Selection): Promise<Entry<Scenario>[]> => {
  const named = what.length === 0 ? catalog.scenarios.entries : (await Promise.all(what.map((one) => entriesOf(catalog, one)))).flat();
  const chosen = distinct(named);
  if (chosen.length === 0)
    throw new AuthorError("There is no scenario to run: the catalogue is empty; name a file, e.g. hopwise run ./edge.ts");
  const shown = showcase ? await filter(chosen, ({ scenario }) => scenario.showcase === true) : chosen;
  if (shown.length === 0) throw new AuthorError(`No scenario here has showcase: true (${chosen.length} looked at); leave --showcase out`);
  return grep === undefined ? shown : matching(shown, grep);
};

export const matching = async (entries: readonly Entry<Scenario>[], grep: string): Promise<Entry<Scenario>[]> => {
  const pattern = patternOf(grep);
  const found = await filter(entries, ({ entry, scenario }) => pattern.test(entry.id) || pattern.test(scenario.title));
  if (found.length === 0) {
    const ids = entries.map(({ id }) => id);
    throw new AuthorError(
      `--grep ${grep} matches no id and no title; there are: ${ids.slice(0, 8).join(", ")}${ids.length > 8 ? ` and ${ids.length - 8} more (hopwise list scenarios)` : ""}`,
    );
  }
  return found;
};

const patternOf = (grep: string): RegExp => {
  try {
    return new RegExp(grep, "i");
  } catch (cause) {
    throw new AuthorError(`--grep ${grep} is no regular expression: ${(cause as Error).message.split(": ").at(-1)}`, { cause });
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

/** An id wins over a folder of its name; a path has a slash, a dot in front or an ending. */
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
      throw new AuthorError(
        `"${word}" matches the id of no scenario (hopwise list scenarios); files are named by their path, e.g. "./${word}"`,
      );
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
      throw new AuthorError(`The folder "${word}" holds no scenario file (.yaml, .yml, .ts, .js or .mjs, not beginning with _)`);
    }
  }
};

/** Without repetition; the file's name is the id, so two files of one name cannot be told apart. */
const distinct = (entries: readonly Entry<Scenario>[]): Entry<Scenario>[] => {
  const byId = new Map<string, Entry<Scenario>>();
  for (const entry of entries) {
    const known = byId.get(entry.id);
    if (known && resolve(known.file) !== resolve(entry.file))
      throw new AuthorError(
        `${known.file} and ${entry.file} are both called "${entry.id}"; the file's name is the id: rename one, or run one at a time`,
      );
    byId.set(entry.id, entry);
  }
  return [...byId.values()];
};
