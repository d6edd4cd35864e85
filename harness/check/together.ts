// Cures are proven one by one; what they do to each other shows where all are made.
import type { PlayedCheck } from "./check.ts";
import type { Edit, Route } from "./configuration.ts";
import { brokenIn, brokenTwice, sharedIn } from "./cure.ts";
import type { Proven } from "./cure.ts";
import { fitTogether } from "./edits.ts";
import { isGoneIn } from "./search.ts";
import type { Blamed, Tried, Trying } from "./search.ts";

export interface Together {
  edits: Edit[];
  /** Titles of the cures that could not be made with the others. */
  left: string[];
}

interface Made {
  blamed: Blamed;
  proven: Proven;
}

/** The edits of all that can be made at once. With `trying` that is proven by playing everything again; what is not proven is the first
 *  cure alone. */
export const cureTogether = async (
  blamed: readonly Blamed[],
  cures: readonly (Proven | null)[],
  routes: readonly Route[],
  playedOn: ReadonlyMap<string, readonly PlayedCheck[]>,
  trying: Trying | null,
): Promise<Together> => {
  const all = blamed.flatMap((one, index): Made[] => {
    const proven = cures[index];
    return proven && proven.edits.length > 0 ? [{ blamed: one, proven }] : [];
  });
  const fitting = all.reduce<Made[]>((chosen, one) => (fitTogether(editsOf([...chosen, one])) ? [...chosen, one] : chosen), []);
  const made = trying === null || sorts(fitting) < 2 || (await holds(fitting, routes, playedOn, trying)) ? fitting : fitting.slice(0, 1);
  return { edits: editsOf(made), left: [...new Set(all.filter((one) => !isIn(made, one)).map(({ proven }) => proven.cure.title))] };
};

const editsOf = (cures: readonly Made[]): Edit[] => cures.flatMap(({ proven }) => proven.edits);

const keyOf = ({ proven }: Made): string => JSON.stringify(proven.edits);

const sorts = (cures: readonly Made[]): number => new Set(cures.map(keyOf)).size;

const isIn = (cures: readonly Made[], one: Made): boolean => cures.some((other) => keyOf(other) === keyOf(one));

const holds = async (
  cures: readonly Made[],
  routes: readonly Route[],
  playedOn: ReadonlyMap<string, readonly PlayedCheck[]>,
  trying: Trying,
): Promise<boolean> => {
  const faults = routes.flatMap((route) => (playedOn.get(route.id) ?? []).map(({ check }) => ({ route, check })));
  const edits = editsOf(cures);
  const [tried] = await trying([{ edits, faults }]);
  if (!tried || !cures.every(({ blamed: { faults: cured } }) => cured.every((fault) => isGoneIn(fault, tried)))) return false;
  const shared = sharedIn(cures.map(({ blamed }) => blamed));
  const breaks = (all: Tried): Tried =>
    routes.flatMap(({ id }) =>
      brokenIn(
        playedOn.get(id) ?? [],
        all.filter(({ route }) => route.id === id),
        shared.has(id),
      ),
    );
  const [twice = []] = await brokenTwice([{ edits, tried, breaks }], trying);
  return breaks(twice).length === 0;
};
