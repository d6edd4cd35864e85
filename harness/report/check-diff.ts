// A fix's unified diff: colored for people, as replacements for programs.
import { sourceLine } from "./check-text.ts";
import type { Paint } from "./look.ts";

export const diffLines = (diff: string): string[] => diff.replace(/\n$/, "").split("\n").map(sourceLine);

export const paintDiff = (diff: string, paint: Paint): string[] =>
  diffLines(diff).map((line) =>
    /^(---|\+\+\+) /.test(line)
      ? paint.bold(line)
      : line.startsWith("@@")
        ? paint.cyan(line)
        : line.startsWith("+")
          ? paint.green(line)
          : line.startsWith("-")
            ? paint.red(line)
            : paint.dim(line),
  );

/** Replaces `deletes` lines from line `from`, counted from 1. */
export interface Replacement {
  from: number;
  deletes: number;
  inserts: string[];
}

export interface FileChange {
  file: string;
  replacements: Replacement[];
}

const header = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** Null unless the diff consists of whole lines that end with a line feed: a program must not get half a change. */
export const changesOf = (diff: string): FileChange[] | null => {
  // Not /^\\/m, which treats U+2028 and U+2029 as line ends.
  if (diff.includes("\r") || `\n${diff}`.includes("\n\\")) return null;
  const lines = diff.replace(/\n$/, "").split("\n");
  const files: FileChange[] = [];
  for (let index = 0; index < lines.length;) {
    const name = nameIn(lines[index] ?? "", lines[index + 1] ?? "");
    if (name === null) return null;
    index += 2;
    const file: FileChange = { file: name, replacements: [] };
    while (header.test(lines[index] ?? "")) {
      const end = readHunk(lines, index, file.replacements);
      if (end === null) return null;
      index = end;
    }
    if (file.replacements.length === 0) return null;
    files.push(file);
  }
  return files.length > 0 ? files : null;
};

const nameIn = (before: string, after: string): string | null => {
  const [, from] = /^--- ([^\t]+)/.exec(before) ?? [];
  const [, to] = /^\+\+\+ ([^\t]+)/.exec(after) ?? [];
  if (from === undefined || to === undefined) return null;
  if (from === to) return to;
  return from.startsWith("a/") && to === `b/${from.slice(2)}` ? from.slice(2) : null;
};

/** The index after the hunk. */
const readHunk = (lines: readonly string[], at: number, into: Replacement[]): number | null => {
  const [, start = "", oldCount = "1", , newCount = "1"] = header.exec(lines[at] ?? "") ?? [];
  let [before, after, index] = [Number(oldCount), Number(newCount), at + 1];
  // A hunk that deletes nothing names the line before the place.
  let line = Number(start) + (before === 0 ? 1 : 0);
  let open: Replacement | null = null;
  while (before > 0 || after > 0) {
    const text = lines[index];
    index += 1;
    const mark = text?.[0];
    if (text === undefined || (mark !== "+" && mark !== "-" && mark !== " ")) return null;
    if (mark === " ") {
      open = null;
    } else if (open === null) {
      open = { from: line, deletes: 0, inserts: [] };
      into.push(open);
    }
    if (mark === "+") open?.inserts.push(text.slice(1));
    else line += 1;
    if (mark === "-" && open) open.deletes += 1;
    if (mark !== "+") before -= 1;
    if (mark !== "-") after -= 1;
  }
  return before === 0 && after === 0 ? index : null;
};
