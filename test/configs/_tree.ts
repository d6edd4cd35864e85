// A small reader of nginx configurations for the corpus alone: it must not share a mistake with the one that it is the proof of.
import { posix } from "node:path";

export interface Node {
  name: string;
  args: string[];
  file: string;
  /** Counts from 1. */
  line: number;
  start: number;
  /** After the semicolon or the closing brace. */
  end: number;
  block: Block | null;
}

export interface Block {
  /** After the opening brace; of a whole file 0. */
  start: number;
  /** At the closing brace; of a whole file its length. */
  end: number;
  nodes: Node[];
}

interface Token {
  text: string;
  quoted: boolean;
  start: number;
  end: number;
}

const tokensOf = (text: string): Token[] => {
  const tokens: Token[] = [];
  // A brace after a dollar belongs to a variable, one within a word to a regular expression.
  const pattern =
    /#[^\n]*|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|[;{}]|(?:\$\{\w+\}|\\.|[^\s;{}"'#\\]|(?<=\S)[#"'{](?=[^\s;]*\}[^\s]*))+/gs;
  for (const match of text.matchAll(pattern)) {
    if (match[0].startsWith("#")) continue;
    const inside = match[1] ?? match[2];
    tokens.push({ text: inside ?? match[0], quoted: inside !== undefined, start: match.index, end: match.index + match[0].length });
  }
  return tokens;
};

export const parse = (file: string, text: string): Block => {
  const tokens = tokensOf(text);
  const lineAt = (offset: number): number => text.slice(0, offset).split("\n").length;
  let next = 0;
  const block = (start: number): Block => {
    const nodes: Node[] = [];
    let words: Token[] = [];
    for (let token = tokens[next++]; token; token = tokens[next++]) {
      const sign = token.quoted ? "" : token.text;
      if (sign === "}") return { start, end: token.start, nodes };
      if (sign !== ";" && sign !== "{") {
        words.push(token);
        continue;
      }
      const [first, ...rest] = words;
      if (!first) throw new Error(`${file}:${lineAt(token.start)}: "${sign}" and no directive before it`);
      const inner = sign === "{" ? block(token.end) : null;
      const end = inner ? inner.end + 1 : token.end;
      nodes.push({
        name: first.text,
        args: rest.map((word) => word.text),
        file,
        line: lineAt(first.start),
        start: first.start,
        end,
        block: inner,
      });
      words = [];
    }
    return { start, end: text.length, nodes };
  };
  return block(0);
};

/** What lies around a location, outermost first; `nodes` has the files that are included in their place. */
export interface Level {
  name: "http" | "server" | "location";
  /** Where one can write into it, and the line that opens it (null: a fragment's own top). */
  file: string;
  block: Block;
  opens: Node | null;
  nodes: Node[];
}

export interface Location {
  title: string;
  levels: Level[];
  proxies: Node;
}

type Files = ReadonlyMap<string, string>;

/** Every location that proxies, with what lies around it. `main` is what the server is started with, or a fragment of the http level. */
export const locationsOf = (files: Files, main: string): Location[] => {
  const expand = (nodes: Node[]): Node[] =>
    nodes.flatMap((node) => {
      if (node.name !== "include" || node.block) return [node];
      return included(files, node.args[0] ?? "").flatMap((path) => expand(parse(path, files.get(path) ?? "").nodes));
    });
  const root = parse(main, files.get(main) ?? "");
  const top = expand(root.nodes);
  const http = top.find(({ name, block }) => name === "http" && block);
  const outer: Level = http?.block
    ? { name: "http", file: main, block: http.block, opens: http, nodes: expand(http.block.nodes) }
    : { name: "http", file: main, block: root, opens: null, nodes: top };
  const within = (levels: Level[]): Location[] =>
    (levels.at(-1)?.nodes ?? []).flatMap((node) => {
      if (!node.block || (node.name !== "server" && node.name !== "location")) return [];
      const level: Level = { name: node.name, file: node.file, block: node.block, opens: node, nodes: expand(node.block.nodes) };
      const deeper = [...levels, level];
      const proxies = level.nodes.find(({ name }) => name === "proxy_pass");
      const title = [node.name, ...node.args].join(" ");
      return [...(proxies ? [{ title, levels: deeper, proxies }] : []), ...within(deeper)];
    });
  return within([outer]);
};

/** Files that an `include` names: by the end of their path, with `*` for a name or a part of it. */
const included = (files: Files, pattern: string): string[] => {
  const wanted = pattern.replace(/^\/etc\/nginx\//, "");
  return [...files.keys()].filter((path) => posix.matchesGlob(path, wanted)).toSorted();
};

/** The directive that counts for this location: the one nearest to it. */
export const effective = ({ levels }: Location, name: string): Node | null => {
  for (const level of levels.toReversed()) {
    const found = level.nodes.filter((node) => node.name === name).at(-1);
    if (found) return found;
  }
  return null;
};
