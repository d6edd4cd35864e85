// Which changes mend all faults of a route between them: what each of them mends by itself was seen, or is tried. Pure, but for those trials.
import type { ProvenFix } from "../report/check-report.ts";
import type { Edit, Fix, Route } from "./configuration.ts";
import { fitTogether } from "./edits.ts";
import type { Proven } from "./fix.ts";
import type { ObservedCheck } from "./observed.ts";
import { isGoneIn } from "./search.ts";
import type { Blamed, Fault } from "./search.ts";
import { ranIn } from "./tried.ts";
import type { Experiment, Subject, Trials, Trying } from "./tried.ts";

/** What one route has to be mended of, and with what. */
export interface Case {
  route: Route;
  blamed: Blamed[];
  faults: Fault[];
  /** Those of different edits, in the order of their findings. */
  units: Proven[];
  observed: readonly ObservedCheck[];
  isShared: boolean;
}

/** A set of changes with which all faults are gone, and nothing else is broken. */
export interface Whole {
  units: Proven[];
  trials: Trials;
}

export const keyOf = ({ edits }: { edits: Edit[] }): string => JSON.stringify(edits);

export const editsOf = (units: readonly Proven[]): Edit[] => units.flatMap(({ edits }) => edits);

/** As many further changes as are tried. */
const mostWider = 4;

/** Each fault was mended by its own smallest change; one that several of them list may mend more. With what it mends by itself. */
export const widerOf = async (one: Case, trying: Trying): Promise<Proven[]> => {
  const keys = new Set(one.units.map(keyOf));
  const listed = one.blamed.flatMap(({ candidates = [] }) => candidates).filter((fix) => !keys.has(keyOf(fix)));
  const shared = [...Map.groupBy(listed, keyOf).values()]
    .filter((all) => all.length > 1)
    .toSorted((a, b) => b.length - a.length)
    .flatMap(([fix]) => fix ?? [])
    .slice(0, mostWider);
  const tried = shared.length === 0 ? [] : await trying(shared.map((fix) => wholeWith(one, fix.edits, fix.title)));
  return shared.flatMap((fix, at): Proven[] => {
    const whole = ranIn(tried[at])?.filter((trial) => trial.route.id === one.route.id);
    return whole ? [{ fix: plainFix(fix), edits: fix.edits, whole }] : [];
  });
};

const plainFix = ({ title, cost, link }: Fix): ProvenFix => ({
  title,
  diff: null,
  headers: null,
  before: "",
  after: "",
  costs: cost === null ? [] : [cost],
  link,
});

/** Sets of changes that mend all faults between them, the smallest first. */
export const coversOf = ({ units, faults }: Case): Proven[][] => {
  const mended = units.map(({ whole }) => new Set(faults.filter((fault) => isGoneIn(fault, whole))));
  const sets = units.reduce<number[][]>((all, _, at) => [...all, ...all.map((set) => [...set, at])], [[]]).filter((set) => set.length > 0);
  return sets
    .toSorted((a, b) => a.length - b.length)
    .filter((set) => faults.every((fault) => set.some((at) => mended[at]?.has(fault))))
    .map((set) => set.flatMap((at) => units[at] ?? []))
    .filter((set) => fitTogether(editsOf(set)));
};

export const titleOf = (units: readonly Proven[]): string => units.map(({ fix }) => fix.title).join(" · ");

export const aboutSet = ({ id }: Route, what: string): Subject => ({ experiment: "fixes-together", route: id, what, at: null });

/** All trials of the route, and further ones that show a fault. */
export const wholeWith = ({ route, faults, observed }: Case, edits: Edit[], what: string): Experiment => ({
  edits,
  faults: [
    ...observed.map(({ check }) => ({ route, check })),
    ...faults.filter(({ check }) => !observed.some((seen) => seen.check.id === check.id)),
  ],
  about: [aboutSet(route, what)],
});
