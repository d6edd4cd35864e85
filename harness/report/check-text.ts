// Untrusted text in the outputs of `hopwise check`: a configuration and the wire may say what they like.
import { plain } from "./text.ts";

/** More than any sentence of ours; a single word of a configuration may be a million characters, and breaking it takes its square. */
const mostCharacters = 1000;

/** What is said of or by a configuration: on one line, harmless, and of a bearable length. */
export const said = (text: string): string => plain(text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text);

/** A line of a file or of a diff: a tab is a place to go to, not a character to be escaped. */
export const sourceLine = (line: string): string => plain(line.replaceAll("\t", "    "));

/**
 * GitHub's runner reads every line that a step prints: one that starts with `::word` is a command, and so is `##[word]` anywhere in it.
 * https://github.com/actions/runner, ActionCommand.cs
 */
export const noCommands = (text: string): string =>
  text
    .replaceAll("##[", String.raw`#\x23[`)
    .split("\n")
    .map((line) => line.replace(/^(\s*)::/, String.raw`$1\x3a:`))
    .join("\n");

/** What steers a terminal and JSON.stringify leaves as it is: it escapes C0 and lone surrogates only. */
const unescaped = /[\u007F-\u009F\p{Cf}\u2028\u2029]|(?<=#)#(?=\[)/gu;

const inUnits = (character: string): string =>
  Array.from({ length: character.length }, (_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, "0")}`).join("");

export const inJson = (value: unknown): string => `${JSON.stringify(value, null, 2).replaceAll(unescaped, inUnits)}\n`;
