// The words of an instruction, with quotes taken off and variables filled in. Pure.
import { substitute } from "./substitute.ts";

type Lookup = (name: string) => string | undefined;

/** `["a", "b"]`, which is taken as it is; null for every other form. */
export const jsonForm = (text: string): string[] | null => {
  if (!text.startsWith("[")) return null;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((word) => typeof word === "string") ? value : null;
  } catch {
    return null;
  }
};

/** COPY, ADD, ENV, EXPOSE: a word is what stands between spaces that are not quoted. */
export const wordsOf = (text: string, lookup: Lookup): string[] =>
  [...text.matchAll(/(?:'[^']*'|"(?:[^"\\]|\\[^])*"|\\[^]|[^\s'"\\]|['"\\])+/g)].map(([word]) => unquoted(word, lookup));

export const unquoted = (word: string, lookup: Lookup): string =>
  [...word.matchAll(/'([^']*)'|"((?:[^"\\]|\\[^])*)"|((?:[^'"\\]|\\[^])+)|([^])/g)]
    .map(([, single, double, bare, stray]) => {
      if (single !== undefined) return single;
      if (double !== undefined) return substitute(double, { lookup, dialect: "shell" }).replaceAll(/\\(["\\])/g, "$1");
      if (bare !== undefined) return substitute(bare, { lookup, dialect: "shell" }).replaceAll(/\\([^$])/g, "$1");
      return stray ?? "";
    })
    .join("");

/** `NAME=value NAME="other value"`, or the old form of one `NAME value`. */
export const assignmentsOf = (text: string, lookup: Lookup): [name: string, value: string | null][] => {
  const old = /^([A-Za-z_]\w*)\s+([^]*)$/.exec(text);
  if (old && !text.slice(0, old[0].indexOf(old[2] ?? "")).includes("=")) return [[old[1] ?? "", unquoted(old[2] ?? "", lookup)]];
  return wordsOf(text, lookup).map((word) => {
    const equals = word.indexOf("=");
    return equals === -1 ? [word, null] : [word.slice(0, equals), word.slice(equals + 1)];
  });
};
