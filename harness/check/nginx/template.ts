// Templates as the public image fills them in: envsubst, with the names that have a value and no others.
import type { ConfigFile, Configuration, Edit } from "../configuration.ts";
import { latin1Of, textOf } from "./text.ts";
import type { Filled } from "./places.ts";

const reference = /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g;

export const isTemplate = (path: string): boolean => /\.(?:template|tmpl|tpl)$/.test(path);

/** A file that is no template by its name gets only names in capitals: `$host` is nginx's own. */
const isMeant = (name: string, template: boolean): boolean => template || /^[A-Z][A-Z0-9_]*$/.test(name);

export const fill = (text: string, path: string, variables: Readonly<Record<string, string>>): Filled => {
  const gaps: Filled["gaps"] = [];
  const template = isTemplate(path);
  let filled = "";
  let done = 0;
  for (const match of text.matchAll(reference)) {
    const name = match[1] ?? match[2] ?? "";
    if (!isMeant(name, template) || !Object.hasOwn(variables, name)) continue;
    filled += text.slice(done, match.index);
    const value = variables[name] ?? "";
    done = match.index + match[0].length;
    gaps.push({ start: filled.length, end: filled.length + value.length, from: match.index, to: done });
    filled += value;
  }
  return { text: filled + text.slice(done), gaps };
};

/** Names of the variables that this text takes from the environment. */
export const namesFilled = (text: string, path: string, variables: Readonly<Record<string, string>>): string[] =>
  [...text.matchAll(reference)]
    .map((match) => match[1] ?? match[2] ?? "")
    .filter((name) => isMeant(name, isTemplate(path)) && Object.hasOwn(variables, name));

/** A name in capitals in this word, as in `${BACKEND}`: nginx's own variables are written small. */
export const capitalsIn = (word: string): string[] =>
  [...word.matchAll(/\$(?:\{([A-Z][A-Z0-9_]*)\}|([A-Z][A-Z0-9_]+)\b)/g)].map((match) => match[1] ?? match[2] ?? "");

/** What a file holds in the container, with these edits of its own text and its variables filled in. */
export const contentOf = ({ variables }: Pick<Configuration, "variables">, file: ConfigFile, edits: readonly Edit[] = []): Uint8Array => {
  const own = edits.filter((edit) => edit.file === file.path);
  if (file.text === null || (own.length === 0 && namesFilled(file.text, file.path, variables).length === 0)) return file.bytes;
  const { text } = fill(edited(file.text, own), file.path, variables);
  return textOf(file.bytes) === null ? latin1Of(text) : new TextEncoder().encode(text);
};

/** Edits must not overlap; two at one place are put there in their order. */
export const edited = (text: string, edits: readonly Edit[]): string => {
  let result = "";
  let done = 0;
  for (const edit of edits.toSorted((one, other) => one.start - other.start)) {
    if (edit.start < done) throw new Error(`Two edits of ${edit.file} overlap at offset ${edit.start}`);
    result += text.slice(done, edit.start) + edit.text;
    done = edit.end;
  }
  return result + text.slice(done);
};
