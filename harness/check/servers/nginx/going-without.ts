// Lines that nginx does not get, gathered by what they have in common: a stub, or what is not checked. Pure.
import { posix } from "node:path";
import type { NotChecked, Place, Stub } from "../../configuration.ts";
import type { Parsed } from "./context.ts";
import { maskKeys } from "./masking.ts";
import type { Directive } from "./tree.ts";

interface Group {
  lines: Directive[];
  why: string;
  touches: boolean;
}

export class GoingWithout {
  readonly masks = new Map<string, string>();
  readonly #groups = new Map<string, Group>();
  readonly #texts: ReadonlyMap<string, string>;
  readonly #keys: ReadonlyMap<Directive, string>;

  readonly #bytes: ReadonlyMap<string, Uint8Array>;
  readonly #folder: string;

  constructor({ files, tree, main }: Parsed) {
    this.#bytes = new Map(files.map(({ target, bytes }) => [target, bytes]));
    this.#folder = posix.dirname(main);
    this.#keys = maskKeys(tree.roots);
    this.#texts = new Map(files.flatMap(({ path, text }) => (text === null ? [] : [[path, text]])));
  }

  /** Of the user's; null: it is not there. */
  fileAt(path: string): string | null {
    const bytes = this.#bytes.get(posix.resolve(this.#folder, path));
    return bytes === undefined ? null : Buffer.from(bytes).toString();
  }

  codeOf({ place, bodyStart }: Directive): string {
    return (this.#texts.get(place.file) ?? "").slice(bodyStart ?? place.start, place.end - 1);
  }

  mask(directive: Directive, what: string, why: string, { instead = "", touches = false } = {}): void {
    const key = this.#keys.get(directive);
    // What is Hopwise's own needs no mask.
    if (key === undefined || !this.#texts.has(directive.place.file)) return;
    this.masks.set(key, instead);
    const group = this.#groups.get(what) ?? { lines: [], why, touches };
    group.lines.push(directive);
    this.#groups.set(what, group);
  }

  /** Another way to say the same, of which nothing has to be known. */
  replace(directive: Directive, instead: string): void {
    const key = this.#keys.get(directive);
    if (key !== undefined && this.#texts.has(directive.place.file)) this.masks.set(key, instead);
  }

  /** A line that stays. */
  note(directive: Directive, what: string, why: string): void {
    this.#groups.set(what, { lines: [directive], why, touches: false });
  }

  stubs(): Stub[] {
    return [...this.#groups]
      .filter(([, { touches }]) => !touches)
      .map(([what, group]) => ({ what, why: whyOf(group), place: placeOf(group) }));
  }

  notChecked(): NotChecked[] {
    return [...this.#groups]
      .filter(([, { touches }]) => touches)
      .map(([what, group]) => ({ what, why: whyOf(group), place: placeOf(group) }));
  }
}

const placeOf = ({ lines: [first] }: Group): Place => first!.place;

const mostLines = 3;

const whyOf = ({ lines, why }: Group): string => {
  const shown = lines.slice(0, mostLines).map(({ name, place }) => `${name} in ${place.file}:${place.line}`);
  return `${why} (${shown.join(", ")}${lines.length > mostLines ? ` and ${lines.length - mostLines} more` : ""})`;
};
