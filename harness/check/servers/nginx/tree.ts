// nginx's syntax as a tree with the place of every word: a map's lines and a location's directives are read alike.
import { plain } from "../../../report/text.ts";
import { AuthorError } from "../../../errors.ts";
import type { Place } from "../../configuration.ts";
import { placer } from "./places.ts";
import type { Filled } from "./places.ts";
import { endOfLua, nextToken, TokenError } from "./tokens.ts";

export interface Directive {
  name: string;
  /** Without their quotes, escapes resolved. Of a block of Lua: none. */
  args: string[];
  argPlaces: Place[];
  /** From the name to its `;` or closing `}`. */
  place: Place;
  /** Null of what ends with `;`. Of a block of Lua it is empty. */
  block: Directive[] | null;
  /** Just after the `{`. */
  bodyStart: number | null;
  /** Null at the top of the configuration. */
  parent: Directive | null;
  /** Of an `include` that was resolved: what its files hold, whose parent is the including block. Null: left to the image. */
  included: Directive[] | null;
}

export interface Tree {
  roots: Directive[];
}

/** A sentence that begins with the file and the line. */
export class ConfigError extends AuthorError {
  override name = "ConfigError";
  readonly place: Place;

  constructor(place: Place, sentence: string) {
    super(plain(`${place.file}:${place.line}: ${sentence}`));
    this.place = place;
  }
}

const deepest = 100;

/** `text` is the file's own; `filled` is read in its place where it is a template, and all places are those of `text`. */
export const parse = (file: string, text: string, filled: Filled = { text, gaps: [] }): Directive[] => {
  const placeAt = placer(file, text, filled);
  try {
    return parseWords(filled.text, placeAt);
  } catch (error) {
    if (error instanceof TokenError) throw new ConfigError(placeAt(error.offset, error.offset + 1), error.message);
    throw error;
  }
};

const parseWords = (text: string, placeAt: (start: number, end: number) => Place): Directive[] => {
  const roots: Directive[] = [];
  const open: { directive: Directive; start: number }[] = [];
  let words: Extract<ReturnType<typeof nextToken>, { kind: "word" }>[] = [];
  for (let at = 0; ;) {
    const token = nextToken(text, at);
    at = token.end;
    if (token.kind === "word") {
      words.push(token);
      continue;
    }
    const [name, ...args] = words;
    const inside = open.at(-1);
    if (token.kind === "end") {
      if (name) throw new TokenError(`the file ends before "${name.text}" does: a ";" or "}" is missing`, name.start);
      if (inside) throw new TokenError(`the block of "${inside.directive.name}" is never closed: a "}" is missing`, inside.start);
      return roots;
    }
    if (token.kind === "}") {
      if (name) throw new TokenError(`the directive "${name.text}" lacks its ";": a "}" follows it`, (words.at(-1) ?? name).end - 1);
      if (!inside) throw new TokenError('unexpected "}": no block is open here', token.start);
      inside.directive.place = placeAt(inside.start, token.end);
      open.pop();
      continue;
    }
    if (!name) throw new TokenError(`unexpected "${token.kind}": no directive stands before it`, token.start);
    const lua = token.kind === "{" && name.text.endsWith("_by_lua_block");
    if (lua) at = endOfLua(text, token.end);
    const directive: Directive = {
      name: name.text,
      args: args.map((word) => word.text),
      argPlaces: args.map(({ start, end }) => placeAt(start, end)),
      place: placeAt(name.start, at),
      block: token.kind === "{" ? [] : null,
      bodyStart: token.kind === "{" ? placeAt(token.end, token.end).end : null,
      parent: inside?.directive ?? null,
      included: null,
    };
    (inside?.directive.block ?? roots).push(directive);
    words = [];
    if (token.kind === "{" && !lua) {
      if (open.length === deepest) throw new TokenError(`blocks are nested more than ${deepest} deep here`, token.start);
      open.push({ directive, start: name.start });
    }
  }
};

/** What is in a block (or at the top), with includes replaced by their contents. */
export const childrenOf = (level: Directive | readonly Directive[]): Directive[] =>
  ("name" in level ? (level.block ?? []) : level).flatMap((child) => (child.included ? childrenOf(child.included) : [child]));

/** All of this name on the nearest level that has one: the block's own, else its parent's, as nginx inherits arrays. */
export const lookupAll = (block: Directive, name: string): Directive[] => {
  for (let level: Directive | null = block; level; level = level.parent) {
    const found = childrenOf(level).filter((child) => child.name === name);
    if (found.length > 0) return found;
  }
  return [];
};

/** The one in effect in this block: its own, else the nearest enclosing block's. Top-level lines of a file are not inherited. */
export const lookup = (block: Directive, name: string): Directive | null => lookupAll(block, name)[0] ?? null;

/** Of this block alone. */
export const find = (level: Directive | readonly Directive[], name: string): Directive | null =>
  childrenOf(level).find((child) => child.name === name) ?? null;

/** With everything below, in the order of the text. */
export const everyDirective = (level: Directive | readonly Directive[]): Directive[] =>
  childrenOf(level).flatMap((directive) => [directive, ...everyDirective(directive)]);
