// Text for a terminal: untrusted text is escaped, and every line fits the width.
import { eastAsianWidth } from "get-east-asian-width";

/** Escapes characters that control a terminal or are invisible: controls, line breaks, direction marks, lone surrogates. */
export const plain = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, "0")}`
      : code < 0x1_0000
        ? `\\u${code.toString(16).padStart(4, "0")}`
        : `\\u{${code.toString(16)}}`;
  });

/** Below the first combining mark all take one. */
const columnsOf = (character: string): number =>
  character < "\u0300" ? 1 : /\p{Mn}/u.test(character) ? 0 : eastAsianWidth(character.codePointAt(0) ?? 0);

/** Columns of a terminal that a text without escape sequences takes. */
export const widthOf = (text: string): number => {
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
};

/** The longest prefix of at most `width` columns, and the rest. */
const split = (text: string, width: number): [head: string, rest: string] => {
  let taken = 0;
  let length = 0;
  for (const character of text) {
    taken += columnsOf(character);
    if (taken > width) break;
    length += character.length;
  }
  return [text.slice(0, length), text.slice(length)];
};

/** Shortened with an ellipsis if too long. */
export const fit = (text: string, width: number): string => (widthOf(text) <= width ? text : `${split(text, Math.max(0, width - 1))[0]}…`);

export const pad = (text: string, width: number): string => text + " ".repeat(Math.max(0, width - widthOf(text)));

/** Cut where the next character would not fit; in one pass, since a word from the network may have a megabyte. */
function* piecesOf(word: string, width: number): Generator<string> {
  let from = 0;
  let at = 0;
  let taken = 0;
  for (const character of word) {
    const columns = columnsOf(character);
    if (taken + columns > width) {
      yield word.slice(from, at);
      from = at;
      taken = 0;
    }
    at += character.length;
    taken += columns;
  }
  yield word.slice(from);
}

/** Breaks at spaces; a word longer than a line is broken inside. */
export const wrap = (text: string, width: number): string[] => {
  const room = Math.max(2, width);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && widthOf(line) + 1 + widthOf(word) <= room) {
      line += ` ${word}`;
      continue;
    }
    if (line !== "") lines.push(line);
    line = "";
    for (const piece of piecesOf(word, room)) {
      if (line !== "") lines.push(line);
      line = piece;
    }
  }
  return line === "" && lines.length > 0 ? lines : [...lines, line];
};

/** Milliseconds for people. */
export const duration = (ms: number): string =>
  ms >= 100_000
    ? `${Math.round(ms / 1000)} s`
    : ms >= 1000
      ? `${trimmed(ms / 1000, 2)} s`
      : ms >= 10
        ? `${Math.round(ms)} ms`
        : `${trimmed(ms, 2)} ms`;

const trimmed = (value: number, digits: number): string => String(Number(value.toFixed(digits)));
