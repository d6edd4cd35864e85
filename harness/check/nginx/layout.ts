// Which files of the user's stand where in the container, wherever they come from.
import { posix } from "node:path";

export interface FoundFile {
  /** As the user would name it. */
  path: string;
  target: string;
  bytes: Uint8Array;
  /** It is filled in before nginx starts. */
  template: boolean;
}

export interface Layout {
  /** The folder that all is looked for in, for sentences. */
  shown: string;
  /** Null: the user brings none. */
  read: (target: string) => Promise<FoundFile | null>;
  /** What is in a folder of the container, as far as the user brings it. */
  list: (folder: string) => Promise<string[]>;
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

const isPattern = (text: string): boolean => /[*?[]/.test(text);

/** Patterns with more take for ever on a name that is made for it. */
const mostStars = 6;

/** As glob(3) does it: `*` and `?` stop at a slash, and do not match a leading dot. */
const globPattern = (segment: string): RegExp | null => {
  if (segment.split("*").length > mostStars) return null;
  const source = segment.replaceAll(/\[!?[^\]]+\]|[*?]|[.+^${}()|\\[\]]/g, (part) =>
    part === "*"
      ? ".*"
      : part === "?"
        ? "."
        : part.length > 1
          ? `[${part.slice(1, -1).replace(/^!/, "^").replaceAll("\\", "")}]`
          : `\\${part}`,
  );
  try {
    return new RegExp(`^${segment.startsWith(".") ? "" : "(?!\\.)"}${source}$`, "s");
  } catch {
    return null;
  }
};

/** Of a pattern in the last part of a path. */
export const matchesGlob = (pattern: string, target: string): boolean =>
  posix.dirname(pattern) === posix.dirname(target) && globPattern(posix.basename(pattern))?.test(posix.basename(target)) === true;

/** Targets that match, sorted; null if the path holds no pattern. */
export const globTargets = async (layout: Layout, pattern: string): Promise<string[] | null> => {
  if (!isPattern(pattern)) return null;
  let found = ["/"];
  for (const segment of pattern.split("/").filter((part) => part !== "")) {
    if (!isPattern(segment)) {
      found = found.map((folder) => posix.join(folder, segment));
      continue;
    }
    const expression = globPattern(segment.replaceAll(/\*+/g, "*"));
    const next: string[] = [];
    for (const folder of found)
      for (const name of await layout.list(folder)) if (expression?.test(name)) next.push(posix.join(folder, name));
    found = next;
  }
  return found.toSorted();
};
