// The part of PCRE that configurations use, as a tree, from which sample texts are made.
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

/** Null: there is something in it that is not known here. The source is JavaScript's already. */
export const partsOf = (source: string): Part | null => {
  const reader = { source, at: 0, groups: 0, depth: 0 };
  try {
    const part = choice(reader);
    return reader.at === source.length ? part : null;
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
};

interface Reader {
  source: string;
  at: number;
  groups: number;
  depth: number;
}

const choice = (reader: Reader): Part => {
  // A pattern may be nested by an attacker.
  reader.depth += 1;
  if (reader.depth > 50) throw new Unreadable();
  const options = [sequence(reader)];
  while (reader.source[reader.at] === "|") {
    reader.at += 1;
    options.push(sequence(reader));
  }
  reader.depth -= 1;
  const [only] = options;
  return options.length === 1 && only ? only : { kind: "choice", options };
};

const sequence = (reader: Reader): Part => {
  const parts: Part[] = [];
  for (let next = reader.source[reader.at]; next !== undefined && next !== "|" && next !== ")"; next = reader.source[reader.at])
    parts.push(repeated(reader, atom(reader)));
  return { kind: "sequence", parts };
};

const counts = /([*+?]|\{(\d{1,4})(,(\d{0,4}))?\})\??/y;

const repeated = (reader: Reader, part: Part): Part => {
  counts.lastIndex = reader.at;
  const match = counts.exec(reader.source);
  if (!match) return part;
  reader.at = counts.lastIndex;
  const [, sign, least, comma, most] = match;
  if (sign === "?") return { kind: "repeat", part, min: 0, max: 1 };
  if (sign === "*" || sign === "+") return { kind: "repeat", part, min: sign === "+" ? 1 : 0, max: Infinity };
  const min = Number(least);
  return { kind: "repeat", part, min, max: comma === undefined ? min : most ? Number(most) : Infinity };
};

const opening = /\((\?(?::|[=!]|<[=!]|<\w+>|[a-z]*(?:-[a-z]+)?:))?/y;
const bracket = /\[\^?(?:\\[^]|[^\]\\])*\]/y;
const escape = /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|k<\w+>|[^])/y;

const atom = (reader: Reader): Part => {
  const { source } = reader;
  const character = source[reader.at] ?? "";
  if (character === "(") return group(reader);
  if (character === "[") return { kind: "set", source: take(reader, bracket) };
  if (character === "\\") return escaped(take(reader, escape));
  reader.at += 1;
  if (character === "^" || character === "$") return { kind: "assertion" };
  if (character === ".") return { kind: "set", source: "." };
  if ("*+?".includes(character)) throw new Unreadable();
  return { kind: "text", text: character };
};

const group = (reader: Reader): Part => {
  const open = take(reader, opening);
  const number = open === "(" || /<\w/.test(open) ? (reader.groups += 1) : 0;
  const part = choice(reader);
  if (reader.source[reader.at] !== ")") throw new Unreadable();
  reader.at += 1;
  if (/[=!]$/.test(open)) return { kind: "assertion" };
  return number > 0 ? { kind: "group", number, part } : part;
};

const take = (reader: Reader, pattern: RegExp): string => {
  pattern.lastIndex = reader.at;
  const match = pattern.exec(reader.source);
  if (!match) throw new Unreadable();
  reader.at = pattern.lastIndex;
  return match[0];
};

const controls: Record<string, string> = { n: "\n", r: "\r", t: "\t" };

const escaped = (source: string): Part => {
  const letter = source[1] ?? "";
  if ("dDwWsS".includes(letter)) return { kind: "set", source };
  if (letter === "b" || letter === "B") return { kind: "assertion" };
  if (letter >= "1" && letter <= "9") return { kind: "back", number: Number(letter) };
  if (source.length > 2 && letter !== "k") return { kind: "text", text: String.fromCharCode(Number.parseInt(source.slice(2), 16)) };
  if (/[a-zA-Z0]/.test(letter) && !(letter in controls)) throw new Unreadable();
  return { kind: "text", text: controls[letter] ?? letter };
};
