// nginx's patterns are PCRE; here they are tried with JavaScript's engine, and samples are made that they match.
import vm from "node:vm";
import { partsOf } from "./pattern-tree.ts";
import type { Part } from "./pattern-tree.ts";

export interface Pattern {
  /** The groups by number and by name, null without a match, undefined where it cannot be told. */
  match: (text: string) => { groups: string[]; named: Record<string, string> } | null | undefined;
  /** Texts that may match, the most natural first; to be tried with `match`. */
  samples: () => string[];
}

const classes: Record<string, string> = {
  alpha: "a-zA-Z",
  digit: "0-9",
  alnum: "a-zA-Z0-9",
  upper: "A-Z",
  lower: "a-z",
  space: "\\s",
  word: "\\w",
  xdigit: "0-9A-Fa-f",
  punct: "!-\\/:-@\\[-`{-~",
};

/** What PCRE writes otherwise than JavaScript. */
const translated = (source: string): string =>
  source
    .replaceAll(/\[:(\w+):\]/g, (whole, name: string) => classes[name] ?? whole)
    .replaceAll(/\(\?#[^)]*\)/g, "")
    .replaceAll("(?P<", "(?<")
    .replaceAll(/\\(?:([AzZh])|([^]))/g, (whole, special: string | undefined) =>
      special === undefined ? whole : special === "A" ? "^" : special === "h" ? "\\s" : "$",
    );

const known = new Map<string, Pattern | null>();
const mostKnown = 10_000;

/** Null: JavaScript cannot read it. */
export const patternOf = (source: string, insensitive: boolean): Pattern | null => {
  const key = `${insensitive ? "i" : "-"}${source}`;
  let pattern = known.get(key);
  if (pattern === undefined) {
    if (known.size >= mostKnown) known.clear();
    pattern = compile(source, insensitive);
    known.set(key, pattern);
  }
  return pattern;
};

const compile = (given: string, insensitive: boolean): Pattern | null => {
  const leading = /^\(\?([is]+)\)/.exec(given);
  const source = translated(leading ? given.slice(leading[0].length) : given);
  const flags = new Set(`${insensitive ? "i" : ""}${leading?.[1] ?? ""}`);
  let expression: RegExp;
  try {
    expression = new RegExp(source, [...flags].join(""));
  } catch {
    return null;
  }
  const part = partsOf(source);
  const run = part && endlessParts(part) <= 3 && !nestsEndlessly(part) ? (text: string) => expression.exec(text) : guarded(expression);
  return {
    match: (text) => {
      const found = run(text.slice(0, longestText));
      return found ? { groups: found.map((group) => group ?? ""), named: { ...found.groups } } : found;
    },
    samples: () => (part ? samplesOf(part) : []),
  };
};

const longestText = 500;
const patienceMs = 50;
const mostTimeouts = 20;
let timeouts = 0;
const context = vm.createContext({ expression: /a/, text: "" });
const script = new vm.Script("expression.exec(text)");

/** For a pattern that can take for ever on some texts: the configuration is not trusted. */
const guarded = (expression: RegExp): ((text: string) => RegExpExecArray | null | undefined) => {
  let given = true;
  return (text) => {
    if (!given || timeouts >= mostTimeouts) return undefined;
    Object.assign(context, { expression, text });
    try {
      return script.runInContext(context, { timeout: patienceMs }) as RegExpExecArray | null;
    } catch {
      given = false;
      timeouts += 1;
      return undefined;
    }
  };
};

const below = (part: Part): Part[] =>
  part.kind === "sequence" ? part.parts : part.kind === "choice" ? part.options : "part" in part ? [part.part] : [];

const endlessParts = (part: Part): number =>
  below(part).reduce((sum, inner) => sum + endlessParts(inner), part.kind === "repeat" && part.max > 10 ? 1 : 0);

const nestsEndlessly = (part: Part): boolean =>
  (part.kind === "repeat" && part.max > 10 && endlessParts(part.part) > 0) || below(part).some(nestsEndlessly);

/** Preferred where a set accepts them, in this order. */
const characters = `a1x-_.bcdefghijklmnopqrstuvwyz023456789ABCDEFGHIJKLMNOPQRSTUVWXYZ~,:;=@+!$&'()*/ %"#<>?[\\]^\`{|}`;
const mostSamples = 48;
const longestSample = 200;

const samplesOf = (part: Part): string[] => {
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

const members = new Map<string, string[]>();

const membersOf = (source: string): string[] => {
  let found = members.get(source);
  if (!found) {
    if (members.size >= mostKnown) members.clear();
    const expression = new RegExp(`^${source}$`);
    found = characters
      .split("")
      .filter((character) => expression.test(character))
      .slice(0, 4);
    members.set(source, found);
  }
  return found;
};
