// Values of a compose file with their variables filled in, in the shapes that compose knows.
import { AuthorError } from "../errors.ts";
import type { Place } from "../check/configuration.ts";
import type { NotDone } from "./subject.ts";
import { substitute, SubstitutionProblem } from "./substitute.ts";
import type { Mapping, Text, Value } from "./tree.ts";

/** All values of one deployment together: variables that name variables multiply. */
const mostCharacters = 8_000_000;

export const at = ({ file, line }: Place): string => `${file}:${line}`;

export class Scope {
  readonly #lookup: (name: string) => string | undefined;
  readonly #where: string;
  readonly #unset = new Map<string, Place>();
  #characters = 0;

  /** `where`: in which places a variable is looked for, for the sentence that says it is in none. */
  constructor(lookup: (name: string) => string | undefined, where: string) {
    this.#lookup = lookup;
    this.#where = where;
  }

  lookup(name: string): string | undefined {
    return this.#lookup(name);
  }

  /** Variables without a value, where they were first seen. */
  get unset(): NotDone[] {
    return [...this.#unset].map(([name, place]) => ({
      what: `$${name}`,
      why: `it is set neither ${this.#where}, and is empty`,
      place,
    }));
  }

  text(value: Text): string {
    if (!value.text.includes("$")) return value.text;
    try {
      const text = substitute(value.text, {
        lookup: this.#lookup,
        dialect: "compose",
        unset: (name) => void (this.#unset.has(name) || this.#unset.set(name, value.place)),
      });
      this.#characters += text.length;
      if (this.#characters > mostCharacters)
        throw new SubstitutionProblem(`becomes longer than ${mostCharacters} characters with the values before it`);
      return text;
    } catch (cause) {
      if (!(cause instanceof SubstitutionProblem)) throw cause;
      throw new AuthorError(`${at(value.place)}: this ${cause.message}`, { cause });
    }
  }

  /** Null where nothing stands. */
  optionalText(value: Value | undefined, what: string): string | null {
    if (value === undefined || value.kind === "nothing") return null;
    return value.kind === "text" ? this.text(value) : wrong(value, what, "a text");
  }

  /** One text, or a list of them. */
  texts(value: Value | undefined, what: string): { text: string; place: Place }[] {
    const one = (item: Value): { text: string; place: Place } =>
      item.kind === "text" ? { text: this.text(item), place: item.place } : wrong(item, what, "a text");
    if (value?.kind === "text") return [one(value)];
    return listOf(value, what).map(one);
  }

  /** `NAME=value` in a list, or a mapping; null: named without a value. */
  pairs(value: Value | undefined, what: string): Map<string, { text: string | null; place: Place }> {
    if (value?.kind === "mapping")
      return new Map(
        [...value.entries].map(([name, { value: given, place }]) => [name, { text: this.optionalText(given, `${what}.${name}`), place }]),
      );
    return new Map(
      listOf(value, what).map((item) => {
        if (item.kind !== "text") return wrong(item, what, "NAME=value");
        const text = this.text(item);
        const equals = text.indexOf("=");
        return [equals === -1 ? text : text.slice(0, equals), { text: equals === -1 ? null : text.slice(equals + 1), place: item.place }];
      }),
    );
  }
}

export const entry = (mapping: Mapping, name: string): Value | undefined => mapping.entries.get(name)?.value;

/** Each may make a file or a folder be read. */
const longestList = 1000;

export const listOf = (value: Value | undefined, what: string): Value[] => {
  if (value === undefined || value.kind === "nothing") return [];
  if (value.kind !== "list") return wrong(value, what, "a list");
  if (value.items.length > longestList) throw new AuthorError(`${at(value.place)}: ${what} has more than ${longestList} entries`);
  return value.items;
};

/** Null where nothing stands. */
export const mappingOf = (value: Value | undefined, what: string): Mapping | null => {
  if (value === undefined || value.kind === "nothing") return null;
  return value.kind === "mapping" ? value : wrong(value, what, "a mapping");
};

const names = { text: "a text", list: "a list", mapping: "a mapping", nothing: "empty" } satisfies Record<Value["kind"], string>;

export const wrong = (value: Value, what: string, wanted: string): never => {
  throw new AuthorError(`${at(value.place)}: ${what} is ${names[value.kind]}; it has to be ${wanted}`);
};

/** For reads of other services, whose mistakes must not stop the check. */
export const softly = <T>(read: () => T, otherwise: T): T => {
  try {
    return read();
  } catch (error) {
    if (error instanceof AuthorError) return otherwise;
    throw error;
  }
};
