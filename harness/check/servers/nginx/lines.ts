// Edits that set, replace or remove a line for one route, in the file's own formatting. Pure.
import type { ConfigFile, Edit } from "../../configuration.ts";
import { childrenOf } from "./tree.ts";
import type { Directive } from "./tree.ts";
import { localName } from "./dialects.ts";
import { isOfUser, linesOf, ownLines } from "./context.ts";
import type { Spot } from "./context.ts";

const textOf = ({ configuration }: Spot, file: string): string =>
  configuration.files.find(({ path }: ConfigFile) => path === file)?.text ?? "";

/** As written in the file, without its `;` or block. */
export const wordsOf = (spot: Spot, { name, args, argPlaces }: Directive): string => {
  const words = argPlaces.map(({ file, start, end }, at) => textOf(spot, file).slice(start, end) || args[at]);
  return [name, ...words].join(" ");
};

/** None where nginx has no such directive for what the route forwards by. */
const localStatement = (spot: Spot, statement: string): string[] => {
  const [name = ""] = statement.split(/[\s;]/, 1);
  const local = localName(spot, name);
  return local === null ? [] : [`${local}${statement.slice(name.length)}`];
};

/** Sets lines for this route alone: in place of its own ones of that name, else after its `{`. */
export const setLines = (spot: Spot, given: string[]): Edit[] => {
  const statements = given.flatMap((statement) => localStatement(spot, statement));
  const edits: Edit[] = [];
  const fresh: string[] = [];
  const grouped = Map.groupBy(statements, (statement) => statement.split(/[\s;]/, 1)[0] ?? "");
  for (const [name, group] of grouped) {
    const [first, ...others] = ownLines(spot, name);
    if (first) edits.push(replaceLine(first, group.join(" ")), ...others.map((line) => removeLine(spot, line)));
    else fresh.push(...group);
  }
  return fresh.length > 0 ? [...edits, insertion(spot, fresh)] : edits;
};

export const replaceLine = ({ place: { file, start, end } }: Directive, text: string): Edit => ({ file, start, end, text });

export const removeLines = (spot: Spot, lines: Directive[]): Edit[] =>
  lines.filter((line) => isOfUser(spot, line)).map((line) => removeLine(spot, line));

/** Removes its row too, if nothing else is in it. */
const removeLine = (spot: Spot, { place: { file, start, end } }: Directive): Edit => {
  const text = textOf(spot, file);
  const rowStart = text.lastIndexOf("\n", start - 1) + 1;
  const rowEnd = text.indexOf("\n", end);
  const alone = text.slice(rowStart, start).trim() === "" && text.slice(end, rowEnd < 0 ? text.length : rowEnd).trim() === "";
  return alone ? { file, start: rowStart, end: rowEnd < 0 ? text.length : rowEnd + 1, text: "" } : { file, start, end, text: "" };
};

/** Takes one argument out, with the blanks before it. */
export const removeArgument = (spot: Spot, { argPlaces }: Directive, argument: number): Edit[] => {
  const own = argPlaces[argument];
  if (!own) return [];
  const before = textOf(spot, own.file).slice(0, own.start);
  return [{ file: own.file, start: before.trimEnd().length, end: own.end, text: "" }];
};

/** After the `{` and what is left of its row, indented as what follows. */
const insertion = (spot: Spot, statements: string[]): Edit => {
  const { home } = spot;
  const { file } = home.place;
  const text = textOf(spot, file);
  const at = home.bodyStart ?? home.place.start;
  const row = text.slice(at).match(/^[ \t]*(?:#[^\r\n]*)?(?=\r?\n)/)?.[0];
  if (row === undefined) return { file, start: at, end: at, text: ` ${statements.join(" ")}` };
  const start = at + row.length;
  const lineEnd = text.startsWith("\r\n", start) ? "\r\n" : "\n";
  const indent = indentOf(home, text);
  return { file, start, end: start, text: statements.map((statement) => `${lineEnd}${indent}${statement}`).join("") };
};

const indentOf = (home: Directive, text: string): string => {
  const rowIndent = (start: number): string => text.slice(text.lastIndexOf("\n", start - 1) + 1, start).match(/^[ \t]*/)?.[0] ?? "";
  const child = home.block?.find(({ place }) => place.start > (home.bodyStart ?? 0));
  const own = rowIndent(home.place.start);
  const inner = child && rowIndent(child.place.start);
  return inner !== undefined && inner.length > own.length ? inner : `${own}${own.includes("\t") ? "\t" : "    "}`;
};

/** The header fields that are sent to the upstream, as lines; a level that sets one inherits none. */
export const headerLine = (spot: Spot, field: string): Directive | null =>
  linesOf(spot, "proxy_set_header").find(({ args }) => args[0]?.toLowerCase() === field.toLowerCase()) ?? null;

/** Sets header fields for this route and keeps all others that are in effect, which are copied where they were inherited. */
export const setHeaders = (spot: Spot, fields: Record<string, string>, more: string[] = []): Edit[] => {
  const own = ownLines(spot, "proxy_set_header");
  const inherited = own.length === 0 ? linesOf(spot, "proxy_set_header") : [];
  const isSet = ({ args }: Directive): boolean => Object.keys(fields).some((field) => field.toLowerCase() === args[0]?.toLowerCase());
  const copies = inherited.filter((line) => !isSet(line)).map((line) => `${wordsOf(spot, line)};`);
  const edits: Edit[] = [];
  const fresh: string[] = [];
  for (const [field, value] of Object.entries(fields)) {
    const line = own.find(({ args }) => args[0]?.toLowerCase() === field.toLowerCase());
    if (line) edits.push(replaceLine(line, `proxy_set_header ${field} ${value};`));
    else fresh.push(`proxy_set_header ${field} ${value};`);
  }
  const kept = more.filter((statement) => {
    const first = ownLines(spot, statement.split(/[\s;]/, 1)[0] ?? "")[0];
    if (first) edits.push(replaceLine(first, statement));
    return !first;
  });
  const statements = [...kept, ...copies, ...fresh];
  return statements.length > 0 ? [...edits, insertion(spot, statements)] : edits;
};

/** Of a block's own lines and those of its `if`s. */
export const within = (block: Directive, name: string): Directive[] =>
  childrenOf(block).flatMap((child) => (child.name === name ? [child] : child.name === "if" ? within(child, name) : []));

/** Sizes that nginx wants to agree with one another, so that none of them goes alone. */
const bufferSizes = ["proxy_buffer_size", "proxy_buffers", "proxy_busy_buffers_size", "proxy_temp_file_write_size"];

export const setBuffers = (spot: Spot, size: "4k" | "64k"): Edit[] => {
  const double = size === "4k" ? "8k" : "128k";
  const values = [size, `8 ${size}`, double, double];
  return setLines(
    spot,
    bufferSizes.map((name, at) => `${name} ${values[at]};`),
  );
};
