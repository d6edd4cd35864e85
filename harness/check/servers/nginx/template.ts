// Templates as the public image fills them in: envsubst, with the names that have a value and no others.
import type { ConfigFile } from "../../configuration.ts";
import type { Parsed } from "./context.ts";
import { masked } from "./masking.ts";
import { latin1Of, textOf } from "./text.ts";
import type { Filled } from "./places.ts";

const reference = /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g;

export const isTemplate = (path: string): boolean => /\.(?:template|tmpl|tpl)$/.test(path);

/** A file that is no template gets only names in capitals: `$host` is nginx's own. */
const isMeant = (name: string, template: boolean): boolean => template || /^[A-Z][A-Z0-9_]*$/.test(name);

export const fill = (text: string, template: boolean, variables: Readonly<Record<string, string>>): Filled => {
  const gaps: Filled["gaps"] = [];
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
export const namesFilled = (text: string, template: boolean, variables: Readonly<Record<string, string>>): string[] =>
  [...text.matchAll(reference)]
    .map((match) => match[1] ?? match[2] ?? "")
    .filter((name) => isMeant(name, template) && Object.hasOwn(variables, name));

/** A name in capitals in this word, as in `${BACKEND}`: nginx's own variables are written small. */
export const capitalsIn = (word: string): string[] =>
  [...word.matchAll(/\$(?:\{([A-Z][A-Z0-9_]*)\}|([A-Z][A-Z0-9_]+)\b)/g)].map((match) => match[1] ?? match[2] ?? "");

export interface Expansion {
  text: string;
  name: string;
}

/** A shell's expansion in this word that names a default, as in `${PORT:-80}`, a test or an error: envsubst replaces `$NAME` and `${NAME}` alone.
 *  https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html#tag_18_06_02
 *  https://www.gnu.org/software/gettext/manual/html_node/envsubst-Invocation.html */
export const expansionIn = (word: string): Expansion | null => {
  const [text, name] = /\$\{([A-Z][A-Z0-9_]*):?[-=?+][^}]*\}?/.exec(word) ?? [];
  return text === undefined || name === undefined ? null : { text, name };
};

/** What a file, edited or not, holds in the container. */
export const contentOf = (
  { variables, main, masks = new Map(), loads = [] }: Pick<Parsed, "variables" | "main" | "masks" | "loads">,
  { path, target, text, bytes, template = false }: ConfigFile,
): Uint8Array => {
  if (text === null) return bytes;
  const isFilled = namesFilled(text, template, variables).length > 0;
  const filled = isFilled ? fill(text, template, variables).text : text;
  const lacking = masks.size > 0 ? masked(path, filled, masks) : filled;
  const content = target === main && loads.length > 0 ? `${loads.join(" ")} ${lacking}` : lacking;
  if (content === text) return bytes;
  return textOf(bytes) === null ? latin1Of(content) : new TextEncoder().encode(content);
};
