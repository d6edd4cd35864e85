// Cuts nginx's syntax into words, as ngx_conf_read_token does: https://github.com/nginx/nginx/blob/master/src/core/ngx_conf_file.c
export type Token =
  | { kind: "word"; text: string; start: number; end: number }
  | { kind: ";" | "{" | "}" | "end"; start: number; end: number };

/** The sentence is for people, the offset is where it went wrong. */
export class TokenError extends Error {
  readonly offset: number;

  constructor(sentence: string, offset: number) {
    super(sentence);
    this.offset = offset;
  }
}

const blank = (character: string | undefined): boolean =>
  character === " " || character === "\t" || character === "\r" || character === "\n";

/** The next token at or after `from`. */
export const nextToken = (text: string, from: number): Token => {
  let at = from;
  for (;;) {
    while (blank(text[at])) at += 1;
    if (text[at] !== "#") break;
    const lineEnd = text.indexOf("\n", at);
    at = lineEnd < 0 ? text.length : lineEnd;
  }
  const first = text[at];
  if (first === undefined) return { kind: "end", start: at, end: at };
  if (first === ";" || first === "{" || first === "}") return { kind: first, start: at, end: at + 1 };
  return first === '"' || first === "'" ? quoted(text, at, first) : bare(text, at);
};

const quoted = (text: string, start: number, quote: string): Token => {
  let at = start + 1;
  while (at < text.length && text[at] !== quote) at += text[at] === "\\" ? 2 : 1;
  if (at >= text.length) throw new TokenError(`a quote that is opened here is never closed`, start);
  const next = text[at + 1];
  // A `)` may follow at once, as a word of its own: `if ($a = "b")`.
  if (next !== undefined && !blank(next) && next !== ";" && next !== "{" && next !== ")")
    throw new TokenError(`unexpected "${next}" after a closing quote; nginx expects a space, ";" or "{" there`, at + 1);
  return { kind: "word", text: unescaped(text.slice(start + 1, at)), start, end: at + 1 };
};

/** Quotes and `}` inside a bare word are ordinary characters, and so is the `{` of `${name}`. */
const bare = (text: string, start: number): Token => {
  let at = start;
  let variable = false;
  for (; at < text.length; at += 1) {
    const character = text[at];
    if (character === "{" && variable) continue;
    variable = character === "$";
    if (character === "\\") at += 1;
    else if (blank(character) || character === ";" || character === "{") break;
  }
  const end = Math.min(at, text.length);
  return { kind: "word", text: unescaped(text.slice(start, end)), start, end };
};

/** Backslashes before anything else stay: `\.` of a pattern. */
const unescaped = (raw: string): string =>
  raw.includes("\\")
    ? raw.replaceAll(/\\(["'\\trn])/g, (_, character: string) => ({ t: "\t", r: "\r", n: "\n" })[character] ?? character)
    : raw;

/** After the `}` that closes a block of Lua whose body starts at `from`: braces in its strings and comments do not count. */
export const endOfLua = (text: string, from: number): number => {
  const part = /\{|\}|--\[(=*)\[|--[^\n]*|\[(=*)\[|"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'/g;
  part.lastIndex = from;
  let depth = 1;
  for (let match = part.exec(text); match; match = part.exec(text)) {
    const level = match[1] ?? match[2];
    if (level !== undefined) {
      const close = text.indexOf(`]${level}]`, part.lastIndex);
      if (close < 0) break;
      part.lastIndex = close + level.length + 2;
    } else if (match[0] === "{") depth += 1;
    else if (match[0] === "}" && --depth === 0) return match.index + 1;
  }
  throw new TokenError("a block of Lua that is opened here is never closed", from - 1);
};
