// A file of variables (`.env`, `env_file`) in the form that docker compose reads. Pure.
import { substitute } from "./substitute.ts";

const assignment = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)(?:[ \t]*(=)[ \t]*|[ \t]*(?=\n|$|[ \t]#))/;

/** `outside` is what the file's own values may name. Null: a name without `=`, whose value comes from outside. Other lines are passed over. */
export const readVariables = (text: string, outside: (name: string) => string | undefined): Map<string, string | null> => {
  const values = new Map<string, string | null>();
  const lookup = (name: string): string | undefined => outside(name) ?? values.get(name) ?? undefined;
  let rest = text.replaceAll("\r\n", "\n").replace(/^\uFEFF/, "");
  while (rest !== "") {
    const found = assignment.exec(rest);
    const lineEnd = rest.indexOf("\n") === -1 ? rest.length : rest.indexOf("\n");
    if (!found || found[0].length > lineEnd) {
      rest = rest.slice(lineEnd + 1);
      continue;
    }
    const [all, name = "", equals = ""] = found;
    const { raw, literal, length } = valueIn(rest.slice(all.length));
    if (equals === "") values.set(name, null);
    else values.set(name, literal ? raw : substitute(raw, { lookup, dialect: "shell" }));
    rest = equals === "" ? rest.slice(lineEnd + 1) : rest.slice(all.length + length);
  }
  return values;
};

/** Quoted values may go over lines; the others end at the line or at a comment. */
const valueIn = (text: string): { raw: string; literal: boolean; length: number } => {
  const quoted = /^'([^']*)'[^\n]*\n?/.exec(text) ?? /^"((?:[^"\\]|\\[^])*)"[^\n]*\n?/.exec(text);
  if (quoted) {
    const [all, inner = ""] = quoted;
    return text.startsWith("'")
      ? { raw: inner, literal: true, length: all.length }
      : { raw: inner.replaceAll(/\\([nrt"\\])/g, (_, c: string) => escapes[c] ?? c), literal: false, length: all.length };
  }
  const end = text.indexOf("\n");
  const line = end === -1 ? text : text.slice(0, end);
  return { raw: line.replace(/(^|[ \t])#.*$/, "").trim(), literal: false, length: end === -1 ? text.length : end + 1 };
};

const escapes: Record<string, string> = { n: "\n", r: "\r", t: "\t" };
