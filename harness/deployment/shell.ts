// A script as the simple commands that it is made of, enough to recognize what deployments do with the server's files. Pure.
import { substitute } from "./substitute.ts";

export interface Command {
  words: string[];
  redirects: { operator: "<" | ">" | ">>"; target: string }[];
  /** As written, for people. */
  raw: string;
  /** Its words hang on what another program prints, e.g. `$(date)`. */
  computed: boolean;
  /** Inside a loop or a condition: whether it is run is not known. */
  conditional: boolean;
  /** Its output goes to the next one, or its input comes from the one before. */
  piped: boolean;
}

type Lookup = (name: string) => string | undefined;

const opening = new Set(["while", "until", "for", "if", "case"]);
const closing = new Set(["done", "fi", "esac"]);
const leading = new Set(["do", "then", "else", "elif", "{", "(", "!", "exec", "time"]);
const token =
  /(?<space>[ \t]+|\\\n)|(?<comment>#[^\n]*)|(?<operator>&&|\|\||;;|[;&|\n()])|(?<redirect>\d?(?:>>|<<?|>\|?)(?:&\d)?)|(?<word>(?:'[^']*'|"(?:[^"\\]|\\[^])*"|`[^`]*`|\$\((?:[^()]|\([^()]*\))*\)|\$\{[^}]{0,500}\}|\\[^]|[^\s'"`\\;&|()<>]|['"`\\])+)/y;

/** At most this many: of a longer script only the beginning is read. */
const mostCommands = 1000;

/** One after the other, so that what a command sets is known to `lookup` when the next one is read. */
export function* commandsOf(script: string, lookup: Lookup): Generator<Command, void, void> {
  let given = 0;
  let depth = 0;
  let current = emptyCommand();
  let redirect: string | null = null;
  let hereNames: string[] = [];
  let begins = 0;
  for (let i = 0; i <= script.length && given < mostCommands;) {
    token.lastIndex = i;
    const groups = i === script.length ? { operator: "" } : token.exec(script)?.groups;
    const { space, comment, operator, redirect: sign, word } = groups ?? {};
    const text = space ?? comment ?? operator ?? sign ?? word ?? script[i] ?? "";
    if (operator !== undefined) {
      const { command, opens, closes } = shaped({ ...current, raw: script.slice(begins, i).trim() });
      depth += opens;
      if (command.words.length > 0) {
        given += 1;
        yield { ...command, conditional: depth > 0 || closes > 0, piped: command.piped || operator === "|" };
      }
      depth = Math.max(0, depth - closes);
      current = { ...emptyCommand(), piped: operator === "|" };
      redirect = null;
      if (operator === "") return;
    } else if (sign !== undefined) redirect = sign;
    else if (word !== undefined) {
      const { value, computed } = wordOf(word, lookup);
      if (redirect === "<<") hereNames.push(value.replace(/^-/, ""));
      else if (redirect !== null) addRedirect(current, redirect, value);
      else current.words.push(value);
      current.computed ||= computed;
      redirect = null;
    }
    i += text.length;
    if (operator === "\n") i = behindHereDocuments(script, i, hereNames);
    if (operator === "\n") hereNames = [];
    if (operator !== undefined) begins = i;
  }
}

const behindHereDocuments = (script: string, from: number, names: readonly string[]): number => {
  let at = from;
  for (const name of names) {
    const end = script.slice(at).search(new RegExp(`^[ \\t]*${name.replaceAll(/[^\w-]/g, ".")}[ \\t]*$`, "m"));
    if (end === -1) return script.length;
    const lineEnd = script.indexOf("\n", at + end);
    at = lineEnd === -1 ? script.length : lineEnd + 1;
  }
  return at;
};

const emptyCommand = (): Command => ({ words: [], redirects: [], raw: "", computed: false, conditional: false, piped: false });

const addRedirect = (command: Command, operator: string, target: string): void => {
  const plain = operator.replace(/^[01]/, "").replace("|", "");
  if (plain === "<" || plain === ">" || plain === ">>") command.redirects.push({ operator: plain, target });
};

/** Without the words that belong to the shell's own grammar. */
const shaped = (command: Command): { command: Command; opens: number; closes: number } => {
  let opens = 0;
  let closes = 0;
  const first = command.words.findIndex((word) => {
    if (opening.has(word)) opens += 1;
    else if (closing.has(word)) closes += 1;
    else return !leading.has(word);
    return false;
  });
  return { command: { ...command, words: first === -1 ? [] : command.words.slice(first) }, opens, closes };
};

const wordOf = (text: string, lookup: Lookup): { value: string; computed: boolean } => {
  let computed = false;
  const filled = (part: string): string => {
    if (/`|\$\(/.test(part)) {
      computed = true;
      return part;
    }
    return substitute(part, { lookup, dialect: "shell" });
  };
  const value = [...text.matchAll(/'([^']*)'|"((?:[^"\\]|\\[^])*)"|((?:[^'"\\]|\\[^])+)|([^])/g)]
    .map(([, single, double, bare, stray]) => {
      if (single !== undefined) return single;
      if (double !== undefined) return filled(double).replaceAll(/\\(["\\`])/g, "$1");
      if (bare !== undefined) return filled(bare).replaceAll(/\\([^$])/g, "$1");
      return stray ?? "";
    })
    .join("");
  return { value, computed };
};

/** A command that is one text, as compose takes it apart: quotes, and nothing filled in. */
export const splitWords = (text: string): string[] =>
  [...text.matchAll(/(?:'[^']*'|"(?:[^"\\]|\\[^])*"|\\[^]|[^\s'"\\]|['"\\])+/g)].map(([word]) =>
    [...word.matchAll(/'([^']*)'|"((?:[^"\\]|\\[^])*)"|\\([^])|([^])/g)]
      .map(([, single, double, escaped, plain]) => single ?? double?.replaceAll(/\\(["\\$`])/g, "$1") ?? escaped ?? plain ?? "")
      .join(""),
  );
