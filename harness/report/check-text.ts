// Untrusted text in the outputs of `hopwise check`: it comes from a configuration or from the network.
import { plain } from "./text.ts";

/** Longer than any sentence of Hopwise. A word in a configuration may have a million characters, and wrapping takes quadratic time. */
const mostCharacters = 1000;

/** Untrusted text on one line, escaped and shortened. */
export const said = (text: string): string => plain(text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text);

/** A line of a file or of a diff, with tabs expanded instead of escaped. */
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

/** Control characters that JSON.stringify does not escape: it escapes only C0 and lone surrogates. */
const unescaped = /[\u007F-\u009F\p{Cf}\u2028\u2029]|(?<=#)#(?=\[)/gu;

const inUnits = (character: string): string =>
  Array.from({ length: character.length }, (_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, "0")}`).join("");

export const inJson = (value: unknown): string => `${JSON.stringify(value, null, 2).replaceAll(unescaped, inUnits)}\n`;
