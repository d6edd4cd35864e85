// Places in a user's file, also where the file is a template that has been filled in.
import type { Place } from "../../configuration.ts";

/** A template's text with its variables filled in, and what was put where, in order. */
export interface Filled {
  text: string;
  /** `start`…`end` of the filled text stands for `from`…`to` of the template. */
  gaps: { start: number; end: number; from: number; to: number }[];
}

/** Of offsets in the filled text: the place in the file's own text. A variable's value has the variable's place. */
export const placer = (file: string, own: string, { gaps }: Filled): ((start: number, end: number) => Place) => {
  const lineStarts = lineStartsOf(own);
  const gapStarts = gaps.map(({ start }) => start);
  return (start, end) => {
    const from = ownOffset(gaps, gapStarts, start, "start");
    const line = lastAtOrBefore(lineStarts, from);
    const to = ownOffset(gaps, gapStarts, end, "end");
    return { file, line: line + 1, column: from - (lineStarts[line] ?? 0) + 1, start: from, end: Math.max(from, to) };
  };
};

const lineStartsOf = (text: string): number[] => {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
};

/** Index of the last of the ascending `values` that is not above `limit`. */
const lastAtOrBefore = (values: readonly number[], limit: number): number => {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((values[middle] ?? 0) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
};

/** A start within what a variable brought is the variable's start, an end within it the variable's end. */
const ownOffset = (gaps: Filled["gaps"], gapStarts: readonly number[], offset: number, side: "start" | "end"): number => {
  const gap = gaps[lastAtOrBefore(gapStarts, side === "start" ? offset : offset - 1)];
  if (!gap || gap.start > offset || (side === "end" && gap.start === offset)) return offset;
  if (offset >= gap.end) return gap.to + offset - gap.end;
  return side === "start" ? gap.from : gap.to;
};
