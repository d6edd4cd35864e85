// Which experiments share a server: those that make the same change, and those whose changes concern none of the routes that the others try; of
// several possible ones the one that needs the fewest servers.
// All routes share one server in the first run too, and what only repeats its trials uses that one. Pure, but for what it is given to try with.
import { isDeepStrictEqual } from "node:util";
import { fitTogether } from "./edits.ts";
import type { Edit } from "./configuration.ts";
import type { CheckedConfig } from "./server.ts";
import { keyOf, usesRunningServer } from "./tried.ts";
import type { Asked, Experiment, Tried, Trying } from "./tried.ts";

/** What one server is started for, and which experiments that is, by their places among all. */
interface Shared {
  experiment: Experiment;
  of: number[];
  /** Ids of the routes that its trials run on, and of those that its change is in effect for. */
  tries: Set<string>;
  changes: Set<string>;
  /** What each of its lines is in effect for is known, and concurrent streams, which are counted over all routes, are not tried. */
  isLocal: boolean;
}

/** Starts as few servers as it can. A shared server that is refused or fails proves nothing about one experiment: each runs by itself then. */
export const sharingServers =
  (config: Pick<CheckedConfig, "routesIn">, trying: Trying): Trying =>
  async (experiments) => {
    const shared = sharedBy(config, experiments);
    const tried = await trying(shared.map(({ experiment }) => experiment));
    const results = new Map<number, Tried>();
    for (const [at, { of, experiment }] of shared.entries())
      for (const index of of) {
        const one = tried[at];
        const own = one && ownOf(one, experiment, experiments[index] as Experiment, of.length === 1);
        if (own) results.set(index, own);
      }
    const left = [...experiments.keys()].filter((index) => !results.has(index));
    const alone = left.length === 0 ? [] : await trying(left.map((index) => experiments[index] as Experiment));
    return experiments.map((_, index) => results.get(index) ?? (alone[left.indexOf(index)] as Tried));
  };

/** Null: it has to run by itself. */
const ownOf = (tried: Tried, shared: Experiment, own: Experiment, isOnly: boolean): Tried | null => {
  if (!("ran" in tried)) return isOnly ? tried : null;
  const keys = shared.faults.map(keyOf);
  return { ran: own.faults.flatMap((fault) => tried.ran[keys.indexOf(keyOf(fault))] ?? []) };
};

/** Without a change, each route is by itself, unless no server is started for it. */
const changeOf = (experiment: Experiment): string => {
  if (usesRunningServer(experiment)) return "none";
  const { edits, faults } = experiment;
  return JSON.stringify([edits, faults.some(isCrowd), edits.length === 0 ? faults.map(({ route }) => route.id) : []]);
};

const isCrowd = ({ check }: Asked): boolean => check.isCrowd === true;

/** The largest first, so that those that take long are together. */
export const sharedBy = (config: Pick<CheckedConfig, "routesIn">, experiments: readonly Experiment[]): Shared[] => {
  const all: Shared[] = [];
  for (const same of Map.groupBy(experiments.keys(), (index) => changeOf(experiments[index] as Experiment)).values()) {
    const own = same.map((index) => experiments[index] as Experiment);
    const [first] = own as [Experiment];
    const { edits } = first;
    const usesRunning = usesRunningServer(first);
    all.push({
      experiment: { ...joined(edits, own), ...(usesRunning && { isRepetition: true }) },
      of: same,
      tries: new Set(own.flatMap(({ faults }) => faults.map(({ route }) => route.id))),
      changes: new Set(config.routesIn(edits).map(({ id }) => id)),
      isLocal: !usesRunning && edits.every((edit) => config.routesIn([edit]).length > 0) && !own.some(({ faults }) => faults.some(isCrowd)),
    });
  }
  const shared: Shared[] = [];
  for (const one of all.toSorted((a, b) => b.experiment.faults.length - a.experiment.faults.length)) {
    const possible = one.isLocal ? shared.filter((candidate) => candidate.isLocal && areApart(one, candidate)) : [];
    const [other] = possible.toSorted((a, b) => furtherServers(a, one) - furtherServers(b, one));
    if (other === undefined) shared.push(one);
    else shared.splice(shared.indexOf(other), 1, together(other, one));
  }
  return shared;
};

/** How many more servers a shared one needs: trials that wait for timeouts run on a copy with another clock, and reloads on one of their own. */
const furtherServers = (shared: Shared, one: Shared): number => serversOf(one).difference(serversOf(shared)).size;

const serversOf = ({ experiment: { faults } }: Shared): Set<string> =>
  new Set(
    faults.map(({ check: { timeScale, feature } }) => (feature === "reload" ? "reload" : timeScale === undefined ? "usual" : "timed")),
  );

const areApart = (a: Shared, b: Shared): boolean =>
  a.changes.isDisjointFrom(b.tries) &&
  b.changes.isDisjointFrom(a.tries) &&
  a.changes.isDisjointFrom(b.changes) &&
  fitTogether([...a.experiment.edits, ...b.experiment.edits]);

const together = (a: Shared, b: Shared): Shared => ({
  experiment: joined([...a.experiment.edits, ...b.experiment.edits], [a.experiment, b.experiment]),
  of: [...a.of, ...b.of],
  tries: a.tries.union(b.tries),
  changes: a.changes.union(b.changes),
  isLocal: true,
});

/** It may end early only if that is enough for all who ask for it. */
const askedOnce = ([first, ...others]: Asked[]): Asked => {
  const { until, ...one } = first as Asked;
  const isEnough = until !== undefined && others.every((other) => isDeepStrictEqual(other.until, until));
  return isEnough ? { ...one, until } : one;
};

const joined = (edits: Edit[], experiments: readonly Experiment[]): Experiment => ({
  edits,
  faults: [
    ...Map.groupBy(
      experiments.flatMap(({ faults }) => faults),
      keyOf,
    ).values(),
  ].map(askedOnce),
  about: experiments.flatMap(({ about = [] }) => about),
});
