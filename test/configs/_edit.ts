// Changes to a configuration's text, and where things stand once they are made. Pure.
import type { Level, Node } from "./_tree.ts";

export interface Edit {
  file: string;
  start: number;
  end: number;
  text: string;
}

export type Files = ReadonlyMap<string, string>;

export const applyEdits = (files: Files, edits: readonly Edit[]): Map<string, string> => {
  const changed = new Map(files);
  for (const { file, start, end, text } of edits.toSorted((a, b) => b.start - a.start)) {
    const before = changed.get(file) ?? "";
    changed.set(file, before.slice(0, start) + text + before.slice(end));
  }
  return changed;
};

/** `file:line` after the edits, of what stood at `offset` before them. */
export const placeAfter = (files: Files, edits: readonly Edit[], file: string, offset: number): string => {
  const before = edits.filter((edit) => edit.file === file && edit.start <= offset && edit.end <= offset);
  const moved = before.reduce((sum, { start, end, text }) => sum + text.length - (end - start), offset);
  const text = applyEdits(files, edits).get(file) ?? "";
  return `${file}:${text.slice(0, moved).split("\n").length}`;
};

/** Lines of the edit's own text that hold `directive`. */
export const placesWithin = (files: Files, edits: readonly Edit[], edit: Edit, directive: string): string[] => {
  const place = placeAfter(
    files,
    edits.filter((other) => other !== edit),
    edit.file,
    edit.start,
  );
  const first = Number(place.slice(place.lastIndexOf(":") + 1));
  return edit.text
    .split("\n")
    .flatMap((line, index) => (new RegExp(`(?:^|[\\s;{])${directive}\\s`).test(line) ? [`${edit.file}:${first + index}`] : []));
};

/** New directives at the start or the end of a block, one per line, indented as the block is. */
export const insert = (files: Files, level: Level, directives: readonly string[], at: "start" | "end"): Edit => {
  const { file, block } = level;
  const text = files.get(file) ?? "";
  if (level.opens === null) return { file, start: 0, end: 0, text: `${directives.join("\n")}\n\n` };
  const inner = text.slice(block.start, block.end);
  const first = block.nodes[0];
  if (!inner.includes("\n") || !first) return { file, start: block.start, end: block.start, text: ` ${directives.join(" ")}` };
  const indent = indentOf(text, first.start);
  const lines = directives.map((directive) => `${indent}${directive}\n`).join("");
  const offset = at === "start" ? text.indexOf("\n", block.start) + 1 : text.lastIndexOf("\n", block.end) + 1;
  return { file, start: offset, end: offset, text: lines };
};

const indentOf = (text: string, offset: number): string => /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", offset - 1) + 1))?.[0] ?? "";

/** Its whole line where it has one to itself. */
export const remove = (files: Files, { file, start, end }: Node): Edit => {
  const text = files.get(file) ?? "";
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const next = text.indexOf("\n", end);
  const lineEnd = next < 0 ? text.length : next + 1;
  const alone = /^\s*$/.test(text.slice(lineStart, start)) && /^\s*$/.test(text.slice(end, lineEnd));
  return alone ? { file, start: lineStart, end: lineEnd, text: "" } : { file, start, end, text: "" };
};

export const commentOut = (files: Files, node: Node): Edit => {
  const { file, start, end } = node;
  const text = files.get(file) ?? "";
  const own = remove(files, node);
  // A comment would swallow what follows in the same line, or only the first of several lines.
  if (own.start === start || text.slice(start, end).includes("\n")) return own;
  return { file, start, end: start, text: "# " };
};

export const replace = ({ file, start, end }: Node, text: string): Edit => ({ file, start, end, text });
