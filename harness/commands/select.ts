// Which scenarios a command line means: ids, files, folders and patterns of either.
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
  if (shown.length === 0) throw new AuthorError(`None of the ${chosen.length} scenarios has showcase: true; leave --showcase out`);
  return grep === undefined ? shown : matching(shown, grep);
};

export const matching = async (entries: readonly Entry<Scenario>[], grep: string): Promise<Entry<Scenario>[]> => {
  const pattern = patternOf(grep);
  const found = await filter(entries, ({ entry, scenario }) => pattern.test(entry.id) || pattern.test(scenario.title));
  if (found.length === 0)
    throw new AuthorError(
      `--grep ${grep} matches the id or title of none of the ${entries.length} scenarios; see them with: hopwise list scenarios`,
    );
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

const isPattern = (word: string): boolean => /[*?[\]{}]/.test(word);
const isPath = (word: string): boolean => /\.(ts|js|mjs)$|[/\\]|^\./.test(word);

const entriesOf = async (catalog: Catalog, word: string): Promise<Entry<Scenario>[]> => {
  if (!isPath(word)) {
    if (!isPattern(word)) return [catalog.scenarios.find(word, "The command line")];
    const found = catalog.scenarios.entries.filter(({ id }) => matchesGlob(id, word));
    if (found.length === 0) throw new AuthorError(`"${word}" matches the id of no scenario; see them with: hopwise list scenarios`);
    return found;
  }
  if (isPattern(word)) {
    const files: string[] = [];
    for await (const file of glob(word)) if (!basename(file).startsWith("_") && !file.endsWith(".d.ts")) files.push(file);
    if (files.length === 0) throw new AuthorError(`"${word}" matches no file in ${process.cwd()}`);
    return files.toSorted().map(scenarioFromFile);
  }
  const found = await stat(word).catch(() => null);
  if (found === null) throw new AuthorError(`There is no file "${word}" in ${process.cwd()}`);
  if (!found.isDirectory()) return [scenarioFromFile(word)];
  const { entries } = new Shelf<Scenario>("scenario", [word], checkScenario);
  if (entries.length === 0) throw new AuthorError(`The folder "${word}" holds no scenario file (.ts, .js or .mjs, not beginning with _)`);
  return entries;
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
