// The part of PCRE that configurations use, as a tree, from which sample texts are made.
import { RegExpParser } from "@eslint-community/regexpp";
import type { AST } from "@eslint-community/regexpp";

export type Part =
  /** One character out of those that the (JavaScript) source accepts. */
  | { kind: "set"; source: string }
  | { kind: "text"; text: string }
  /** Matches without taking a character: `^`, `$`, `\b`, a look-ahead. */
  | { kind: "assertion" }
  | { kind: "sequence"; parts: Part[] }
  | { kind: "choice"; options: Part[] }
  | { kind: "group"; number: number; part: Part }
  | { kind: "back"; number: number }
  | { kind: "repeat"; part: Part; min: number; max: number };

class Unreadable extends Error {}

/** A pattern may be nested by an attacker. */
const deepest = 50;

const parser = new RegExpParser();

/** Null: there is something in it that is not known here. The source is JavaScript's already. */
export const partsOf = (source: string): Part | null => {
  if (nests(source)) return null;
  try {
    return choiceOf(parser.parsePattern(source).alternatives, { groups: 0 });
  } catch (error) {
    if (error instanceof Unreadable || error instanceof SyntaxError) return null;
    throw error;
  }
};

/** Deeper than `deepest`, so that no parser has to go down there: brackets and escapes are no parentheses. */
const nests = (source: string): boolean => {
  let depth = 1;
  for (const [sign] of source.matchAll(/\\[^]|\[(?:\\[^]|[^\]\\])*\]?|[()]/g)) {
    if (sign === "(") depth += 1;
    if (sign === ")") depth -= 1;
    if (depth > deepest) return true;
  }
  return false;
};

/** How many groups have been opened so far. */
interface Count {
  groups: number;
}

const choiceOf = (alternatives: readonly AST.Alternative[], count: Count): Part => {
  const options = alternatives.map(({ elements }): Part => ({
    kind: "sequence",
    parts: elements.map((element) => partOf(element, count)),
  }));
  const [only] = options;
  return options.length === 1 && only ? only : { kind: "choice", options };
};

const partOf = (element: AST.Element, count: Count): Part => {
  switch (element.type) {
    case "Quantifier":
      return { kind: "repeat", part: partOf(element.element, count), min: element.min, max: element.max };
    case "CapturingGroup": {
      count.groups += 1;
      const number = count.groups;
      return { kind: "group", number, part: choiceOf(element.alternatives, count) };
    }
    case "Group":
      return choiceOf(element.alternatives, count);
    case "Assertion":
      // What is in it is not sampled, and its groups count.
      if ("alternatives" in element) choiceOf(element.alternatives, count);
      return { kind: "assertion" };
    case "Backreference":
      if (typeof element.ref === "string") throw new Unreadable();
      return { kind: "back", number: element.ref };
    case "CharacterSet":
    case "CharacterClass":
      return { kind: "set", source: element.raw };
    case "Character":
      // A letter that JavaScript takes for itself is something else in PCRE.
      if (/^\\(?:[a-mo-qsvwyzA-Z0]|[ux]$)/.test(element.raw)) throw new Unreadable();
      return { kind: "text", text: String.fromCodePoint(element.value) };
    default:
      throw new Unreadable();
  }
};
