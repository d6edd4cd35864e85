// Fixes are proven route by route. Whether they work together is proven with all of them.
import type { ObservedCheck } from "./observed.ts";
import type { Edit, Route } from "./configuration.ts";
import { brokenIn, confirmBroken, sharedIn } from "./fix.ts";
import type { Proven } from "./fix.ts";
import { fitTogether } from "./edits.ts";
import { isGoneIn } from "./search.ts";
import type { Blamed } from "./search.ts";
import { ranIn } from "./tried.ts";
import type { Subject, Trials, Trying } from "./tried.ts";

export interface Together {
  edits: Edit[];
  /** Titles of the fixes that could not be made with the others. */
  left: string[];
}

interface Made {
  blamed: Blamed;
  proven: Proven;
}

/** The edits of all fixes that can be made together. With `trying` that is proven by running all trials again; without a proof the first
 *  fix alone is made. */
export const fixTogether = async (
  blamed: readonly Blamed[],
  fixes: readonly (Proven | null)[],
  routes: readonly Route[],
  observedOn: ReadonlyMap<string, readonly ObservedCheck[]>,
  trying: Trying | null,
  /** A warning or a note may be intended: its fix is shown, and not made. */
  isMade: (one: Blamed) => boolean = () => true,
): Promise<Together> => {
  const all = blamed.flatMap((one, index): Made[] => {
    const proven = fixes[index];
    if (!isMade(one)) return [];
    return proven && proven.edits.length > 0 ? [{ blamed: one, proven }] : [];
  });
  const fitting = all.reduce<Made[]>((chosen, one) => (fitTogether(editsOf([...chosen, one])) ? [...chosen, one] : chosen), []);
  const made = trying === null || sorts(fitting) < 2 || (await holds(fitting, routes, observedOn, trying)) ? fitting : fitting.slice(0, 1);
  return { edits: editsOf(made), left: [...new Set(all.filter((one) => !isIn(made, one)).map(({ proven }) => proven.fix.title))] };
};

const editsOf = (fixes: readonly Made[]): Edit[] => fixes.flatMap(({ proven }) => proven.edits);

const keyOf = ({ proven }: Made): string => JSON.stringify(proven.edits);

const sorts = (fixes: readonly Made[]): number => new Set(fixes.map(keyOf)).size;

const isIn = (fixes: readonly Made[], one: Made): boolean => fixes.some((other) => keyOf(other) === keyOf(one));

const holds = async (
  fixes: readonly Made[],
  routes: readonly Route[],
  observedOn: ReadonlyMap<string, readonly ObservedCheck[]>,
  trying: Trying,
): Promise<boolean> => {
  const faults = routes.flatMap((route) => (observedOn.get(route.id) ?? []).map(({ check }) => ({ route, check })));
  const edits = editsOf(fixes);
  const about = aboutAll(fixes);
  const [tried] = await trying([{ edits, faults, about }]);
  const trials = ranIn(tried);
  if (!trials || !fixes.every(({ blamed: { faults: fixed } }) => fixed.every((fault) => isGoneIn(fault, trials)))) return false;
  const shared = sharedIn(fixes.map(({ blamed }) => blamed));
  const breaks = (all: Trials): Trials =>
    routes.flatMap(({ id }) =>
      brokenIn(
        observedOn.get(id) ?? [],
        all.filter(({ route }) => route.id === id),
        shared.has(id),
      ),
    );
  const [settled] = await confirmBroken([{ edits, trials, breaks, about }], trying);
  return Boolean(settled && breaks(settled).length === 0);
};

const aboutAll = (fixes: readonly Made[]): Subject[] =>
  fixes.slice(0, 1).map(({ blamed: { faults } }) => ({
    experiment: "fixes-together",
    route: faults[0]?.route.id ?? "",
    what: [...new Set(fixes.map(({ proven }) => proven.fix.title))].join(" · "),
    at: null,
  }));
