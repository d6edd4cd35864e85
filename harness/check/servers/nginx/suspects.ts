// Which lines, present or absent, may cause what was seen on a route: likeliest and most specific first. Pure.
import type { Route, Suspect, Symptom } from "../../configuration.ts";
import { fitTogether } from "../../edits.ts";
import { suspectOf } from "./suspect-rule.ts";
import type { Ranked } from "./suspect-rule.ts";
import { contextOf } from "./context.ts";
import type { Parsed } from "./context.ts";
import { upgradeSuspects } from "./directives/upgrade.ts";
import { families } from "./families.ts";
import { kindOf } from "./kinds.ts";
import type { Kind } from "./kinds.ts";
import { inOrder, likeliest } from "./order.ts";
import { tiers } from "./rules.ts";
import type { SuspectRule } from "./rules.ts";

const keyOf = (rule: SuspectRule): string => ("lacks" in rule ? `no ${rule.lacks}` : rule.directive);

const rulesOf = (kind: Kind): SuspectRule[] =>
  inOrder(
    families.flatMap(({ suspects: known }) => known?.[kind] ?? []),
    likeliest[kind],
    keyOf,
  );

export const suspects = (configuration: Parsed, route: Route, symptom: Symptom): Suspect[] => {
  const context = contextOf(configuration, route, symptom);
  if (!context) return [];
  const kind = kindOf(symptom);
  const single = rulesOf(kind).flatMap((rule) => suspectOf(context, rule));
  const ranked = [...single, ...pairsOf(single)].toSorted((a, b) => a.tier - b.tier || b.depth - a.depth).map(({ suspect }) => suspect);
  return distinct([...(kind === "upgrade" ? upgradeSuspects(context) : []), ...ranked]);
};

/** The likeliest of two groups each: with both at work neither alone changes anything. */
const pairsOf = (single: Ranked[]): Ranked[] => {
  const leaders = [...Map.groupBy(single, ({ group }) => group)].flatMap(([group, [first]]) => (group && first ? [first] : []));
  return leaders.flatMap((a, at) =>
    leaders.slice(at + 1).flatMap((b): Ranked[] => {
      const [first, second] = [a, b].toSorted((one, other) => one.tier - other.tier || other.depth - one.depth);
      const edits = [...a.suspect.edits, ...b.suspect.edits];
      if (!first || !second || !fitTogether(edits)) return [];
      const { place, directive } = second.suspect;
      const { known: _, ...both } = first.suspect;
      const id = `${first.suspect.id}+${second.suspect.id}`;
      // A line whose absence fixes nearly everything fixes in every pair, too.
      const tier = second.tier === tiers.last ? tiers.last + 1 : tiers.pair;
      return [{ suspect: { ...both, id, with: { place, directive }, edits }, tier, depth: 0, group: null }];
    }),
  );
};

/** Several lines may be on one row, and one experiment is made once. */
const distinct = (all: Suspect[]): Suspect[] => {
  const experiments = new Set<string>();
  const ids = new Set<string>();
  return all.flatMap((suspect) => {
    const experiment = JSON.stringify([suspect.place, suspect.edits]);
    if (suspect.edits.length === 0 || experiments.has(experiment)) return [];
    experiments.add(experiment);
    const id = ids.has(suspect.id) ? `${suspect.id}:${suspect.place.column}` : suspect.id;
    ids.add(id);
    return [{ ...suspect, id }];
  });
};
