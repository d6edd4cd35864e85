// A compose file as a tree in which every value has its place; anchors, aliases and merge keys are resolved. Pure.
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from "yaml";
import type { Alias, Document, Node, ParsedNode, YAMLMap } from "yaml";
import { AuthorError } from "../errors.ts";
import type { Place } from "../check/configuration.ts";

export type Value = Text | List | Mapping | Nothing;

export interface Text {
  kind: "text";
  /** As written, before variables are filled in: `1.10` stays `1.10`. */
  text: string;
  place: Place;
  /** A block (`|`): its lines are lines of the file, from the one after `place`. */
  block: boolean;
}

export interface List {
  kind: "list";
  items: Value[];
  place: Place;
}

export interface Mapping {
  kind: "mapping";
  entries: Map<string, Entry>;
  place: Place;
}

export interface Entry {
  /** Of the key. */
  place: Place;
  value: Value;
}

export interface Nothing {
  kind: "nothing";
  place: Place;
}

/** Merge keys that merge merge keys multiply. */
const mostMerged = 200_000;

/** Throws an AuthorError with file and line for what is no YAML. */
export const parseTree = (text: string, file: string): Value => {
  const lines = new LineCounter();
  const placeOf = (start: number, end: number): Place => {
    const { line, col } = lines.linePos(start);
    return { file, line: Math.max(1, line), column: Math.max(1, col), start, end };
  };
  try {
    // Keys are compared by the reader: the parser compares each with all, which takes minutes for a file of keys alone.
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
    const [problem] = document.errors;
    if (problem) throw new AuthorError(`${file}:${placeOf(problem.pos[0], 0).line}: ${sentenceOf(problem)}`);
    return new Reader(document, placeOf).read(document.contents);
  } catch (cause) {
    if (cause instanceof AuthorError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AuthorError(
      cause instanceof RangeError ? `${file} is nested too deep to be read` : `${file} could not be parsed as YAML: ${why}`,
      {
        cause,
      },
    );
  }
};

const sentenceOf = ({ code, message }: { code: string; message: string }): string => {
  if (code === "MULTIPLE_DOCS") return "a second document begins here; a compose file is one document";
  return message.includes("call stack") ? "this is nested too deep to be read" : (message.split("\n")[0] ?? message);
};

class Reader {
  readonly #document: Document.Parsed;
  readonly #placeOf: (start: number, end: number) => Place;
  /** What an alias stands for: the last node with its anchor before it. */
  readonly #aliased = new Map<Alias, Node>();
  /** Each node is read once, however many aliases name it. Null while it is being read. */
  readonly #done = new Map<Node, Value | null>();
  #merged = 0;

  constructor(document: Document.Parsed, placeOf: (start: number, end: number) => Place) {
    this.#document = document;
    this.#placeOf = placeOf;
    const anchors = new Map<string, Node>();
    visit(this.#document, {
      Node: (_, node) => {
        if (!isAlias(node)) {
          if (node.anchor !== undefined) anchors.set(node.anchor, node);
          return;
        }
        const target = anchors.get(node.source);
        if (!target) throw new AuthorError(`${this.#at(node)}: *${node.source} is undefined: there is no &${node.source} before it`);
        this.#aliased.set(node, target);
      },
    });
  }

  read(node: Node | null): Value {
    if (node === null) return { kind: "nothing", place: this.#placeOf(0, 0) };
    const known = this.#done.get(node);
    if (known === null) throw new AuthorError(`${this.#at(node)}: this contains itself by its own alias`);
    if (known !== undefined) return known;
    this.#done.set(node, null);
    const value = this.#readNew(node);
    this.#done.set(node, value);
    return value;
  }

  #readNew(node: Node): Value {
    if (isAlias(node)) return this.read(this.#aliased.get(node) ?? null);
    const place = this.#place(node);
    if (isMap<ParsedNode, ParsedNode | null>(node)) return { kind: "mapping", entries: this.#entriesOf(node), place };
    if (isSeq(node)) return { kind: "list", items: node.items.map((item) => this.read(item as Node | null)), place };
    if (!isScalar(node) || node.value === null) return { kind: "nothing", place };
    const text = typeof node.value === "string" ? node.value : (node.source ?? "");
    return { kind: "text", text, place, block: node.type === "BLOCK_LITERAL" };
  }

  /** A key of its own wins over a merged one, an earlier merged one over a later. */
  #entriesOf(map: YAMLMap<ParsedNode, ParsedNode | null>): Map<string, Entry> {
    const entries = new Map<string, Entry>();
    const merged: Value[] = [];
    for (const { key, value } of map.items) {
      const name = isScalar(key) ? (key.source ?? String(key.value)) : null;
      if (name === null) throw new AuthorError(`${this.#at(key)}: a key is a name, and this one is not`);
      if (entries.has(name)) throw new AuthorError(`${this.#at(key)}: "${name.slice(0, 100)}" is given a second time`);
      if (name === "<<" && isScalar(key) && key.type === "PLAIN") merged.push(this.read(value));
      else {
        const place = this.#place(key);
        entries.set(name, { place, value: value === null ? { kind: "nothing", place } : this.read(value) });
      }
    }
    for (const source of merged.flatMap((value) => (value.kind === "list" ? value.items : [value]))) this.#merge(source, entries);
    return entries;
  }

  #merge(source: Value, into: Map<string, Entry>): void {
    if (source.kind !== "mapping")
      throw new AuthorError(`${source.place.file}:${source.place.line}: << merges a mapping, and this is not one`);
    this.#merged += source.entries.size;
    if (this.#merged > mostMerged)
      throw new AuthorError(`${source.place.file}:${source.place.line}: << merges more than ${mostMerged} keys in this file`);
    for (const [name, entry] of source.entries) if (!into.has(name)) into.set(name, entry);
  }

  #place(node: Node): Place {
    const [start, end] = node.range ?? [0, 0];
    return this.#placeOf(start, end);
  }

  #at(node: Node): string {
    const { file, line } = this.#place(node);
    return `${file}:${line}`;
  }
}
