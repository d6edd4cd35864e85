// A block's directives by their names, found once: requests are followed through the same blocks thousands of times.
import { childrenOf } from "./tree.ts";
import type { Directive } from "./tree.ts";

interface Level {
  byName: Map<string, Directive[]>;
  /** Of rewriting, in their order. */
  script: Directive[];
}

const scriptNames = new Set(["set", "if", "return", "rewrite", "break"]);

const levels = new WeakMap<Directive, Level>();

const levelOf = (block: Directive): Level => {
  let level = levels.get(block);
  if (!level) {
    const children = childrenOf(block);
    level = { byName: Map.groupBy(children, ({ name }) => name), script: children.filter(({ name }) => scriptNames.has(name)) };
    levels.set(block, level);
  }
  return level;
};

export const scriptOf = (block: Directive): Directive[] => levelOf(block).script;

/** Of this block alone. */
export const ownOf = (block: Directive, name: string): Directive[] => levelOf(block).byName.get(name) ?? [];

/** On the nearest level that has one of these names. */
export const nearestOf = (block: Directive, ...names: string[]): Directive[] => {
  for (let level: Directive | null = block; level; level = level.parent) {
    const at = level;
    const found = names.flatMap((name) => ownOf(at, name));
    if (found.length > 0) return found.toSorted((one, other) => one.place.start - other.place.start);
  }
  return [];
};
