// A script as the simple commands that it is made of, enough to recognise what deployments do with nginx. Pure.
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

/** Gives at most this many: a script that is longer is told as far as it is read. */
const mostCommands = 1000;

export const commandsOf = (script: string, lookup: Lookup): Command[] => {
  const commands: Command[] = [];
  let depth = 0;
  let current = emptyCommand();
  let redirect: string | null = null;
  let begins = 0;
  const finish = (end: number, operator: string): void => {
    const raw = script.slice(begins, end).trim();
    const { command, opens, closes } = shaped({ ...current, raw });
    depth += opens;
    if (command.words.length > 0)
      commands.push({ ...command, conditional: depth > 0 || closes > 0, piped: command.piped || operator === "|" });
    depth = Math.max(0, depth - closes);
    current = { ...emptyCommand(), piped: operator === "|" };
    redirect = null;
    begins = end + operator.length;
  };
  for (let i = 0; i < script.length && commands.length < mostCommands;) {
    token.lastIndex = i;
    const groups = token.exec(script)?.groups;
    const text =
      groups?.["space"] ?? groups?.["comment"] ?? groups?.["operator"] ?? groups?.["redirect"] ?? groups?.["word"] ?? script[i] ?? "";
    if (groups?.["operator"] !== undefined) finish(i, text);
    else if (groups?.["redirect"] !== undefined) redirect = text;
    else if (groups?.["word"] !== undefined) {
      const { value, computed } = wordOf(text, lookup);
      current.computed ||= computed;
      if (redirect === null) current.words.push(value);
      else addRedirect(current, redirect, value);
      redirect = null;
    }
    i += text.length;
  }
  finish(script.length, "");
  return commands;
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
