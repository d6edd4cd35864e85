// What nginx does not get of the user's files, and gets in its place: lines that cannot work in the check's surroundings. The files, their
// lines and what may be changed in them stay as they are. Pure.
import { parse } from "./tree.ts";
import type { Directive } from "./tree.ts";

/** By file and key: what stands in a line's place. Every line of a file keeps its number. */
export type Masks = ReadonlyMap<string, string>;

export const isLua = (name: string): boolean => /_by_lua(?:_block|_file)?$/.test(name);

/** Where a line stands, in words that a change elsewhere in the file leaves as they are: its blocks, itself, and which of its like it is. */
export const maskKeys = (roots: readonly Directive[]): Map<Directive, string> => {
  const keys = new Map<Directive, string>();
  const visit = (level: readonly Directive[], above: string): void => {
    const counts = new Map<string, number>();
    for (const directive of level) {
      const { name, args, block, included, place } = directive;
      for (const own of Map.groupBy(included ?? [], (one) => one.place.file).values()) visit(own, "");
      const words = `${above === "" ? place.file : above}\0${JSON.stringify([name, ...args])}`;
      const count = (counts.get(words) ?? 0) + 1;
      counts.set(words, count);
      const key = `${words}#${count}`;
      keys.set(directive, key);
      if (block) visit(block, key);
    }
  };
  for (const own of Map.groupBy(roots, (one) => one.place.file).values()) visit(own, "");
  return keys;
};

export const masked = (path: string, text: string, masks: Masks): string => {
  const roots = parse(path, text);
  const keys = maskKeys(roots);
  let result = "";
  let done = 0;
  for (const { start, end, instead } of rangesIn(roots, (directive) => masks.get(keys.get(directive) ?? ""))) {
    result += text.slice(done, start) + instead + text.slice(start, end).replaceAll(/[^\n]/g, "");
    done = end;
  }
  return result + text.slice(done);
};

interface Range {
  start: number;
  end: number;
  instead: string;
}

const rangesIn = (level: readonly Directive[], insteadOf: (directive: Directive) => string | undefined): Range[] =>
  level.flatMap((directive) => {
    const instead = insteadOf(directive);
    if (instead !== undefined) return [{ start: directive.place.start, end: directive.place.end, instead }];
    return rangesIn(directive.block ?? [], insteadOf);
  });
