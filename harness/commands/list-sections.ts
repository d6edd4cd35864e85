// The sections of `hopwise list`, and the lines of an entry.
import type { Catalog } from "../catalog/catalog.ts";
import type { Entry, Shelf } from "../catalog/shelf.ts";
import type { Variant } from "../define.ts";
import type { Look, Paint } from "../report/look.ts";
import { pad, plain, widthOf, wrap } from "../report/text.ts";
import { AuthorError } from "../errors.ts";

export interface Place {
  catalog: Catalog;
  engine: boolean;
  look: Look;
  paint: Paint;
}

export interface Section {
  title: string;
  lines: string[];
  /** One of its files has an error. */
  faulty: boolean;
}

export const section = async <T>(
  title: string,
  shelf: Shelf<T>,
  place: Place,
  describe: (entry: Entry<T>, value: T) => Promise<string[]> | string[],
): Promise<Section> => {
  const lines: string[] = [];
  let faulty = false;
  for (const entry of shelf.entries)
    try {
      lines.push(...(await describe(entry, await entry.load())));
    } catch (error) {
      if (!(error instanceof AuthorError)) throw error;
      faulty = true;
      lines.push(...indented(`✗ ${entry.id}: ${plain(error.message)}`, 2, place, place.paint.red));
    }
  return { title: `${title} (${shelf.entries.length})`, lines, faulty };
};

export const indented = (text: string, by: number, { look }: Place, paint: (text: string) => string = String): string[] =>
  wrap(text, look.width - by).map((line) => " ".repeat(by) + paint(line));

/** Name and description, on one line if they fit. */
export const entryLines = (name: string, what: string, place: Place): string[] => {
  const { paint, look } = place;
  if (4 + widthOf(name) + widthOf(what) <= look.width) return [`  ${paint.bold(name)}  ${what}`];
  return [`  ${paint.bold(name)}`, ...indented(what, 4, place)];
};

/** As written in a chain; the default variant is the id alone. */
export const variantsOf = (id: string, variants: Record<string, Variant>, place: Place): string[] => {
  const names = Object.keys(variants).map((name) => (name === "default" ? id : `${id}:${name}`));
  const column = Math.max(...names.map(widthOf)) + 2;
  return Object.values(variants).flatMap(({ title }, index) =>
    wrap(plain(title), place.look.width - 4 - column).map(
      (line, row) => `    ${pad(row === 0 ? (names[index] ?? "") : "", column)}${line}`,
    ),
  );
};
