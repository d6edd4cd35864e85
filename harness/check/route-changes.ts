// Where a route needs several changes, only the set of them has to be proven. Pure.
import type { ConfigFile } from "./configuration.ts";
import { fixWith } from "./fix.ts";
import type { Proven } from "./fix.ts";
import { isGoneIn } from "./search.ts";
import type { Blamed } from "./search.ts";
import type { CheckedConfig } from "./server.ts";
import { trialIn } from "./tried.ts";

/** For each of `blamed` the change that is its share of its route's set, which was seen to end its faults and is not proven yet; null where
 *  its route needs one change only, or where any of the route's changes has still to be found. */
export const changesOfSets = (
  { deployment }: CheckedConfig,
  blamed: readonly Blamed[],
  isMended: (one: Blamed) => boolean,
): (Proven | null)[] => {
  const changes = blamed.map((): Proven | null => null);
  for (const own of Map.groupBy(blamed.keys(), (index) => blamed[index]?.faults[0]?.route.id).values()) {
    const wanted = own.filter((index) => isFixable(blamed[index]) && isMended(blamed[index]));
    const all = wanted.flatMap((index) => blamed[index] ?? []);
    const set = all.map((one) => changeOf(deployment.files, one, all));
    if (set.includes(null) || new Set(set.map((one) => JSON.stringify(one?.edits))).size < 2) continue;
    for (const [at, index] of wanted.entries()) changes[index] = set[at] ?? null;
  }
  return changes;
};

const isFixable = (one: Blamed | undefined): one is Blamed => one !== undefined && one.fixes.length > 0;

/** With what else of the route it ends: else a change that ends everything would not be known as such. A timeout has a line of its own. */
const changeOf = (files: ConfigFile[], one: Blamed, all: readonly Blamed[]): Proven | null => {
  const [fix] = one.fixes;
  const seen = fix ? one.seenWith(fix) : null;
  if (!fix || !seen || !one.faults.every((fault) => isGoneIn(fault, seen))) return null;
  const others = all.flatMap(({ faults }) => faults).filter(({ check }) => check.timeScale === undefined);
  if (!others.every((fault) => trialIn(seen, fault) !== undefined)) return null;
  return { fix: fixWith(files, one, fix, [], seen), edits: fix.edits, whole: seen, isPartly: true };
};
