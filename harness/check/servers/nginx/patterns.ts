// nginx's patterns are PCRE; here they are tried with JavaScript's engine, and samples are made that they match.
import vm from "node:vm";
import { partsOf } from "./pattern-tree.ts";
import type { Part } from "./pattern-tree.ts";
import { samplesOf } from "./samples.ts";

export interface Pattern {
  /** The groups by number and by name, null without a match, undefined where it cannot be determined. */
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
const mostKnown = 100_000;

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
/** Each costs a thread of its own. */
const mostGuarded = 3000;
let timeouts = 0;
let guardedRuns = 0;
const context = vm.createContext({ expression: /a/, text: "" });
const script = new vm.Script("expression.exec(text)");

/** For a pattern that can take forever on some texts: the configuration is not trusted. */
const guarded = (expression: RegExp): ((text: string) => RegExpExecArray | null | undefined) => {
  let given = true;
  return (text) => {
    guardedRuns += 1;
    if (!given || timeouts >= mostTimeouts || guardedRuns > mostGuarded) return undefined;
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
