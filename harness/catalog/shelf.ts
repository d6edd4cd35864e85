// A folder of the catalog: its entries by their ids.
import { readdirSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { distance } from "fastest-levenshtein";
import { AuthorError } from "../errors.ts";
import { codeFile, loadDefault } from "./load-file.ts";
import type { Check } from "./load-file.ts";

/** One entry of a catalog folder: found by its name, imported when it is needed. */
export interface Entry<T> {
  id: string;
  file: string;
  load: () => Promise<T>;
}

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
          throw new AuthorError(`${same.file} and ${file} both have the id "${id}", which is the file name: rename one`);
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

/** The most similar word; null if none is similar. */
export const similarTo = (word: string, words: readonly string[]): string | null => {
  const nearest = words.toSorted((a, b) => distance(word, a) - distance(word, b))[0];
  return nearest !== undefined && distance(word, nearest) <= Math.max(2, word.length / 3) ? nearest : null;
};

/** `did you mean …` if a word is similar, else all words. */
export const nearestTo = (word: string, words: readonly string[]): string => {
  if (words.length === 0) return "there are none";
  const similar = similarTo(word, words);
  return similar === null ? `there are: ${words.toSorted().join(", ")}` : `did you mean "${similar}"?`;
};

const dataFile = /\.(ts|js|mjs|ya?ml)$/;

const listed = (folder: string, wanted: RegExp, what: string): string[] => {
  try {
    return readdirSync(folder)
      .filter((name) => wanted.test(name) && !name.endsWith(".d.ts") && !name.startsWith("_"))
      .toSorted();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? `does not exist in ${process.cwd()}` : code === "ENOTDIR" ? "is a file" : `cannot be read: ${message}`;
    throw new AuthorError(`The folder "${folder}" (kind: ${what}) ${why}`, { cause });
  }
};
