// One fix per route: as few of the proven changes as keep everything passing, proven as a whole.
import type { ProvenFix } from "../report/check-report.ts";
import type { ObservedCheck } from "./observed.ts";
import { applyEdits, fitTogether } from "./edits.ts";
import { afterOf, brokenIn, changedSources, confirmBroken, diffOf, sharedIn } from "./fix.ts";
import type { Proven } from "./fix.ts";
import { aboutSet, coversOf, editsOf, keyOf, titleOf, wholeWith, widerOf } from "./covers.ts";
import type { Case, Whole } from "./covers.ts";
import { isGoneIn } from "./search.ts";
import type { Blamed, Fault } from "./search.ts";
import type { CheckedConfig } from "./server.ts";
import { ranIn } from "./tried.ts";
import type { Trials, Trying } from "./tried.ts";

/** As many sets of changes as are tried for one route. */
const mostTried = 12;

/** In the order of `blamed`: each gets the fix of its route, where one was proven. */
export const fixPerRoute = async (
  config: CheckedConfig,
  blamed: readonly Blamed[],
  fixes: readonly (Proven | null)[],
  observedOn: ReadonlyMap<string, readonly ObservedCheck[]>,
  trying: Trying,
  /** Whether its fix is part of the route's; a limit or a note may be intended. */
  isWanted: (one: Blamed) => boolean = () => true,
  /** Ids of the routes whose trials got bodies out of a cache. */
  shared: ReadonlySet<string> = sharedIn(blamed),
): Promise<(Proven | null)[]> => {
  const isOwn = (index: number): boolean => isWanted(blamed[index] as Blamed) && isMade(fixes[index]);
  const routes = [...new Map(blamed.flatMap(({ faults: [first] }) => (first ? [[first.route.id, first.route]] : []))).values()];
  const whole = new Map(
    await Promise.all(
      routes.map(async (route) => {
        const own = [...blamed.keys()].filter((index) => blamed[index]?.faults[0]?.route.id === route.id && isOwn(index));
        const one: Case = {
          route,
          blamed: own.map((index) => blamed[index] as Blamed),
          faults: own.flatMap((index) => blamed[index]?.faults ?? []),
          units: distinct(own.map((index) => fixes[index] as Proven)),
          observed: observedOn.get(route.id) ?? [],
          isShared: shared.has(route.id),
        };
        return [route.id, one.units.length === 0 ? null : await smallest(one, trying)] as const;
      }),
    ),
  );
  return blamed.map((one, index) => {
    const own = fixes[index] ?? null;
    const made = whole.get(one.faults[0]?.route.id ?? "");
    if (!own || !made || !isOwn(index)) return own?.isPartly ? null : own;
    const { isPartly: _, ...proven } = own;
    return { ...proven, edits: editsOf(made.units), fix: fixWith(config, one, made, observedOn, shared) };
  });
};

const isMade = (fix: Proven | null | undefined): boolean => (fix?.edits.length ?? 0) > 0;

const distinct = (all: readonly Proven[]): Proven[] => [...new Map(all.map((one) => [keyOf(one), one])).values()];

/** What each change mends by itself is known: the smallest cover is tried first, then all of them, and all but one. */
const smallest = async (one: Case, trying: Trying): Promise<Whole | null> => {
  let left = mostTried;
  const prove = async (sets: readonly Proven[][]): Promise<(Whole | null)[]> => {
    const few = sets.slice(0, left);
    left -= few.length;
    return few.length === 0 ? [] : proven(one, few, trying);
  };
  const [known] = coversOf(one);
  if (known?.length === 1 && !known[0]?.isPartly) return { units: known, trials: known[0]?.whole ?? [] };
  const wider = known !== undefined && known.length <= 2 ? [] : await widerOf(one, trying);
  left -= wider.length;
  const [cover] = coversOf({ ...one, units: [...one.units, ...wider] });
  const [covering] = cover ? await prove([cover]) : [];
  if (covering) return covering;
  const fitting = one.units.reduce<Proven[]>((all, unit) => (fitTogether(editsOf([...all, unit])) ? [...all, unit] : all), []);
  const isNew = fitting.length > 1 && fitting.length !== cover?.length;
  let best = isNew ? ((await prove([fitting]))[0] ?? null) : null;
  while (best && best.units.length > 1 && left > 0) {
    const { units } = best;
    // oxlint-disable-next-line no-await-in-loop
    const fewer = await prove(units.map((_, at) => units.toSpliced(at, 1)));
    const next = fewer.find((whole) => whole !== null);
    if (!next) break;
    best = next;
  }
  return best;
};

const proven = async (one: Case, sets: readonly Proven[][], trying: Trying): Promise<(Whole | null)[]> => {
  const { route, faults, observed, isShared } = one;
  const breaks = (trials: Trials): Trials => brokenIn(observed, trials, isShared);
  const tried = await trying(sets.map((units) => wholeWith(one, editsOf(units), titleOf(units))));
  const attempts = sets.flatMap((units, at) => {
    const trials = ranIn(tried[at])?.filter((trial) => trial.route.id === route.id);
    return trials && faults.every((fault) => isGoneIn(fault, trials))
      ? [{ units, edits: editsOf(units), trials, breaks, about: [aboutSet(route, titleOf(units))] }]
      : [];
  });
  const settled = await confirmBroken(attempts, trying);
  return sets.map((units) => {
    const at = attempts.findIndex((attempt) => attempt.units === units);
    const trials = settled[at];
    return trials && breaks(trials).length === 0 ? { units, trials } : null;
  });
};

const fixWith = (
  config: CheckedConfig,
  { faults: [first] }: Blamed,
  { units, trials }: Whole,
  observedOn: ReadonlyMap<string, readonly ObservedCheck[]>,
  shared: ReadonlySet<string>,
): ProvenFix => {
  const { files } = config.deployment;
  const fault = first as Fault;
  const { id } = fault.route;
  const sources = changedSources(observedOn.get(id) ?? [], trials, shared.has(id));
  const others = config.routesIn(editsOf(units)).filter((route) => route.id !== id);
  return {
    title: [...new Set(units.map(({ fix }) => fix.title))].join("; "),
    diff: diffOf(files, applyEdits(files, editsOf(units))),
    headers: null,
    before: fault.evidence,
    after: afterOf(fault, trials),
    costs: [...new Set([...units.flatMap(({ fix }) => fix.costs), ...sources])],
    ...(others.length > 0 ? { alsoChanges: others.map((route) => route.id) } : {}),
    link: units[0]?.fix.link ?? "",
  };
};
