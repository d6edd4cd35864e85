// Which experiments share a server: those that make the same change, and those whose changes concern none of the routes that the others try.
// All routes share one server in the first run too. Pure, but for what it is given to try with.
import { fitTogether } from "./edits.ts";
import type { Edit } from "./configuration.ts";
import type { CheckedConfig } from "./server.ts";
import type { Experiment, Tried, Trying } from "./tried.ts";

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

/** A check may have the id of another, and ask for other headers. */
const keyOf = ({ route, check }: Experiment["faults"][number]): string => `${route.id} ${JSON.stringify(check)}`;

const changeOf = ({ edits, faults }: Experiment): string => JSON.stringify([edits, faults.some(isCrowd)]);

const isCrowd = ({ check }: Experiment["faults"][number]): boolean => check.isCrowd === true;

/** The largest first, so that those that take long are together. */
export const sharedBy = (config: Pick<CheckedConfig, "routesIn">, experiments: readonly Experiment[]): Shared[] => {
  const all: Shared[] = [];
  for (const same of Map.groupBy(experiments.keys(), (index) => changeOf(experiments[index] as Experiment)).values()) {
    const own = same.map((index) => experiments[index] as Experiment);
    const [{ edits }] = own as [Experiment];
    all.push({
      experiment: joined(edits, own),
      of: same,
      tries: new Set(own.flatMap(({ faults }) => faults.map(({ route }) => route.id))),
      changes: new Set(config.routesIn(edits).map(({ id }) => id)),
      isLocal:
        edits.length > 0 && edits.every((edit) => config.routesIn([edit]).length > 0) && !own.some(({ faults }) => faults.some(isCrowd)),
    });
  }
  const shared: Shared[] = [];
  for (const one of all.toSorted((a, b) => b.experiment.faults.length - a.experiment.faults.length)) {
    const other = one.isLocal ? shared.find((candidate) => candidate.isLocal && areApart(one, candidate)) : undefined;
    if (other === undefined) shared.push(one);
    else shared.splice(shared.indexOf(other), 1, together(other, one));
  }
  return shared;
};

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

const joined = (edits: Edit[], experiments: readonly Experiment[]): Experiment => ({
  edits,
  faults: [...new Map(experiments.flatMap(({ faults }) => faults).map((fault) => [keyOf(fault), fault])).values()],
  about: experiments.flatMap(({ about = [] }) => about),
});
