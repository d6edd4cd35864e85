// Texts that a pattern may match.
import type { Part } from "./pattern-tree.ts";

/** Preferred where a set accepts them, in this order. */
const characters = `a1x-_.bcdefghijklmnopqrstuvwyz023456789ABCDEFGHIJKLMNOPQRSTUVWXYZ~,:;=@+!$&'()*/ %"#<>?[\\]^\`{|}`;
const mostSamples = 48;
const longestSample = 200;

/** The most natural first. */
export const samplesOf = (part: Part): string[] => {
  const samples = new Set<string>();
  for (let seed = 0; seed < mostSamples; seed += 1) {
    const sample = sampleOf(part, { seed, groups: [], left: longestSample });
    if (sample.length <= longestSample) samples.add(sample);
  }
  return [...samples];
};

/** Seed 0 is the most natural; others vary what they come by first. */
interface Choices {
  seed: number;
  groups: string[];
  left: number;
}

const choose = <T>(choices: Choices, options: readonly T[]): T | undefined => {
  const chosen = options[choices.seed % options.length];
  choices.seed = Math.floor(choices.seed / options.length);
  return chosen;
};

const sampleOf = (part: Part, choices: Choices): string => {
  switch (part.kind) {
    case "text":
      choices.left -= part.text.length;
      return part.text;
    case "set":
      choices.left -= 1;
      return choose(choices, membersOf(part.source)) ?? "";
    case "assertion":
      return "";
    case "back":
      return choices.groups[part.number] ?? "";
    case "sequence":
      return part.parts.map((inner) => sampleOf(inner, choices)).join("");
    case "choice":
      return sampleOf(choose(choices, part.options) ?? { kind: "assertion" }, choices);
    case "group":
      return (choices.groups[part.number] = sampleOf(part.part, choices));
    case "repeat": {
      let text = "";
      const times = choose(choices, timesOf(part)) ?? 0;
      for (let count = 0; count < times && choices.left > 0; count += 1) text += sampleOf(part.part, choices);
      return text;
    }
  }
};

const timesOf = ({ min, max }: { min: number; max: number }): number[] => {
  const natural = max === 1 ? min : Math.max(min, 1);
  return [...new Set([natural, min, min + 2, max === 1 ? 1 : natural + 1])].filter((times) => times >= min && times <= max);
};

const mostMembers = 10_000;
const members = new Map<string, string[]>();

const membersOf = (source: string): string[] => {
  let found = members.get(source);
  if (!found) {
    if (members.size >= mostMembers) members.clear();
    const expression = new RegExp(`^${source}$`);
    found = characters
      .split("")
      .filter((character) => expression.test(character))
      .slice(0, 4);
    members.set(source, found);
  }
  return found;
};
