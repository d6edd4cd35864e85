// Which of the user's files are where in the container, independent of their source.
import { posix } from "node:path";
import { isGlob, matcherOf } from "../../../deployment/glob.ts";

export interface FoundFile {
  /** As the user would name it. */
  path: string;
  target: string;
  bytes: Uint8Array;
  /** It is filled in before nginx starts. */
  template: boolean;
  /** It stands in what was given, and is no file of its own. */
  isCopy?: true;
}

export interface Layout {
  /** The folder that all is looked for in, for sentences. */
  shown: string;
  /** Null: the user has none. */
  read: (target: string) => Promise<FoundFile | null>;
  /** What is in a folder of the container, of the user's files. */
  list: (folder: string) => Promise<string[]>;
}

/** A whole configuration, or fragments of one. */
export interface Given {
  layout: Layout;
  /** The main file's place in the container, also where there is none. */
  main: string;
  /** Targets of files that belong into an http block of ours; none if there is a main file. */
  fragments: string[];
  /** Likewise of files that belong into a server block of ours within it. */
  locations?: string[];
}

export const layoutOfFiles = (files: readonly FoundFile[], shown: string): Layout => {
  const byTarget = new Map(files.map((file) => [file.target, file]));
  return {
    shown,
    read: async (target) => byTarget.get(target) ?? null,
    list: async (folder) => {
      const base = folder === "/" ? "/" : `${folder}/`;
      const names = [...byTarget.keys()].flatMap((target) => (target.startsWith(base) ? target.slice(base.length).split("/")[0] : []));
      return [...new Set(names.filter((name) => name !== undefined))].toSorted();
    },
  };
};

/** Files that stand elsewhere too, by where that is. */
export const withCopies = (layout: Layout, copies: ReadonlyMap<string, string>): Layout => ({
  shown: layout.shown,
  read: async (target) => {
    const from = copies.get(target);
    const file = from === undefined ? null : await layout.read(from);
    return file ? { ...file, target } : layout.read(target);
  },
  list: async (folder) => {
    const names = [...copies.keys()].flatMap((target) => (posix.dirname(target) === folder ? posix.basename(target) : []));
    return [...new Set([...(await layout.list(folder)), ...names])].toSorted();
  },
});

/** Of a pattern in the last part of a path. */
export const matchesGlob = (pattern: string, target: string): boolean =>
  posix.dirname(pattern) === posix.dirname(target) && matcherOf(posix.basename(pattern), "posix")(posix.basename(target));

/** Targets that match, sorted; null if the path holds no pattern. */
export const globTargets = async (layout: Layout, pattern: string): Promise<string[] | null> => {
  if (!isGlob(pattern)) return null;
  let found = ["/"];
  for (const segment of pattern.split("/").filter((part) => part !== "")) {
    if (!isGlob(segment)) {
      found = found.map((folder) => posix.join(folder, segment));
      continue;
    }
    const matches = matcherOf(segment, "posix");
    const next: string[] = [];
    for (const folder of found) for (const name of await layout.list(folder)) if (matches(name)) next.push(posix.join(folder, name));
    found = next;
  }
  return found.toSorted();
};
