// How suspects are made of rules. Pure.
import type { Known, Suspect } from "../../configuration.ts";
import { localName, localWords } from "./dialects.ts";
import { wordsOf, removeLines, setLines } from "./lines.ts";
import { pageOf } from "./pages.ts";
import { depthOf, isOfUser, linesOf } from "./context.ts";
import type { Context } from "./context.ts";
import type { Directive } from "./tree.ts";
import { tiers } from "./rules.ts";
import type { AbsenceRule, LineRule, Measured, Says, SuspectRule } from "./rules.ts";

const isGap = (rule: SuspectRule): rule is AbsenceRule => "lacks" in rule;

/** A suspect and what its place in the order hangs on. */
export interface Ranked {
  suspect: Suspect;
  tier: number;
  depth: number;
  group: string | null;
}

const wording = (says: Says, context: Context, line: Directive | null): string => (typeof says === "string" ? says : says(context, line));

export const suspectOf = (context: Context, rule: SuspectRule): Ranked[] => {
  if (rule.when?.(context) === false) return [];
  if (localName(context, isGap(rule) ? rule.lacks : rule.directive) === null) return [];
  return isGap(rule) ? [gapOf(context, rule)] : lineSuspects(context, rule);
};

const knownOf = (context: Context, { alone, provided }: Measured, name: string, line: Directive | null): Known | null =>
  alone?.(context, line) ? { name, provided: provided?.(context) ?? [] } : null;

const gapOf = (context: Context, rule: AbsenceRule): Ranked => {
  const { says, instead, group, tier = tiers.gap } = rule;
  const lacks = localWords(context, rule.lacks);
  const { place } = context.home;
  const name = lacks.split(" ")[0] ?? lacks;
  const known = knownOf(context, rule, name, null);
  const suspect: Suspect = {
    id: `no-${lacks.replaceAll(" ", "-")}@${place.file}:${place.line}`,
    place,
    directive: lacks,
    absent: true,
    says: wording(says, context, null),
    edits: typeof instead === "string" ? setLines(context, [instead]) : instead(context),
    ...(known && { known: { ...known, ...(rule.default !== undefined && { instead: rule.default }) } }),
    link: pageOf(name),
  };
  return { suspect, tier, depth: 0, group: group ?? null };
};

const lineSuspects = (context: Context, rule: LineRule): Ranked[] => {
  const { matches = ([first]) => first !== "off", instead, group, tier = tiers.line } = rule;
  const lines = (rule.lines?.(context) ?? linesOf(context, rule.directive)).filter(
    (line) => isOfUser(context, line) && matches(line.args, context),
  );
  const ranked = lines.map((line) => ({ suspect: lineSuspect(context, rule, line), tier, depth: depthOf(line), group: group ?? null }));
  const [first, second] = ranked;
  // Of several lines one alone may not cause it.
  if (!first || !second || instead) return ranked.slice(0, instead ? 1 : ranked.length);
  const { known: _, ...alone } = first.suspect;
  const all = {
    ...alone,
    id: ranked.map(({ suspect }) => suspect.id).join("+"),
    with: { place: second.suspect.place, directive: second.suspect.directive },
    edits: ranked.flatMap(({ suspect }) => suspect.edits),
  };
  return [...ranked, { ...first, suspect: all }];
};

const lineSuspect = (context: Context, rule: LineRule, line: Directive): Suspect => {
  const { directive, says, instead, part, page = directive } = rule;
  const known = knownOf(context, rule, directive, line);
  const { place, words } = part?.(context, line) ?? { place: line.place, words: wordsOf(context, line) };
  return {
    id: `${directive}@${place.file}:${place.line}`,
    place,
    directive: words,
    absent: false,
    says: wording(says, context, line),
    edits:
      instead === undefined
        ? removeLines(context, [line])
        : typeof instead === "string"
          ? setLines(context, [instead])
          : instead(context, line),
    ...(known && { known }),
    link: pageOf(page),
  };
};
