// Which line makes a fault, and what cures it: every suspect is taken out of the game in a copy of its own, every remedy is made in one,
// and the trials that show the fault are played again. What flips it is guilty; of several the one that the server's own knowledge names
// first.
import type { Result } from "../measure.ts";
import type { Rule } from "../report/check-report.ts";
import type { Facet } from "../model/verdict.ts";
import type { ScenarioReport } from "../report/report.ts";
import type { Check } from "./checks.ts";
import type { ApplicationRemedy, Configuration, Dialect, Edit, Remedy, Route, Suspect, Symptom } from "./configuration.ts";

export interface Fault {
  route: Route;
  check: Check;
  rule: Rule;
  symptom: Symptom;
  report: ScenarioReport;
  /** What was seen, in a sentence. */
  evidence: string;
  /** What it was seen by; null where only the whole trial shows it. */
  facet: Facet | null;
  /** Whether another playing of the check shows it no more. */
  isGone: (result: Result) => boolean;
}

/** Faults of one kind with one line behind them. */
export interface Blamed {
  faults: Fault[];
  suspect: Suspect | null;
  /** Why nobody could be blamed; null if somebody was. */
  unproven: string | null;
  /** Of its first fault, those that were seen to cure it, smallest first. */
  remedies: Remedy[];
  /** What only the application can do; not tried yet. */
  forApplication: ApplicationRemedy[];
  /** What came of a remedy, where all trials of the route have been played with it. */
  wholeOf: (remedy: Remedy) => Tried | null;
}

export interface Experiment {
  edits: Edit[];
  faults: Pick<Fault, "route" | "check">[];
}

/** What came of an experiment. */
export type Tried = { route: Route; check: Check; result: Result }[];

/** Plays experiments at the same time; null for one whose configuration the server refuses. */
export type Trying = (experiments: readonly Experiment[]) => Promise<(Tried | null)[]>;

interface Case {
  fault: Fault;
  suspects: Suspect[];
  remedies: Remedy[];
  forApplication: ApplicationRemedy[];
  /** By what was changed. */
  tried: Map<string, Tried | null>;
}

const isRemedy = (one: Remedy | ApplicationRemedy): one is Remedy => "edits" in one;

/** What others at the same time make of a route (a limit on connections) is not to be seen by one alone. */
const refusals: string[] = ["error-response", "no-response", "hung"];

/** What a machine does to a stream for once looks like a hop's doing, and any change would seem to cure it: it is played again with nothing
 *  changed. Races and stores are not asked twice: they tell otherwise by nature. */
const isAskedTwice = ({ check: { trial }, symptom: { facet, member }, facet: seen }: Fault): boolean =>
  !refusals.includes(member) &&
  trial.kind !== "origin-abort" &&
  trial.kind !== "late-joiner" &&
  facet !== "source" &&
  facet !== "integrity" &&
  seen !== null;

const nothing: { edits: Edit[] } = { edits: [] };

/** Likeliest first: mostly nobody else has to be asked. */
const waves = [
  { suspects: 4, remedies: 2 },
  { suspects: Infinity, remedies: Infinity },
];

export interface Found {
  blamed: Blamed[];
  /** Faults that were there once, and not when the same was played again. */
  gone: Fault[];
}

export const investigate = async (
  dialect: Dialect,
  configuration: Configuration,
  faults: readonly Fault[],
  /** By route: what was played on it. */
  playedOn: ReadonlyMap<string, readonly { check: Check }[]>,
  trying: Trying,
): Promise<Found> => {
  const checksOn = ({ route }: Fault): Check[] => (playedOn.get(route.id) ?? []).map(({ check }) => check);
  const cases = faults.map((fault): Case => {
    const all = dialect.remedies(configuration, fault.route, fault.symptom);
    return {
      fault,
      suspects: dialect.suspects(configuration, fault.route, fault.symptom),
      remedies: all.filter(isRemedy),
      forApplication: all.filter((one): one is ApplicationRemedy => !isRemedy(one)),
      tried: new Map(),
    };
  });
  for (const wave of waves) await tryWave(cases, wave, checksOn, trying);
  const blamed: Blamed[] = [];
  const gone = cases.filter(isOver);
  for (const one of cases) {
    if (gone.includes(one)) continue;
    const suspect = guiltyOf(one);
    const same = blamed.find(
      ({ faults: [first], suspect: other }) =>
        first?.route.id === one.fault.route.id && kindOf(first.rule) === kindOf(one.fault.rule) && other?.id === suspect?.id,
    );
    if (same) join(same, one);
    else
      blamed.push({
        faults: [one.fault],
        suspect,
        unproven: suspect ? null : unprovenOf(one.suspects),
        remedies: one.remedies.filter((remedy) => cures(one, remedy.edits)),
        forApplication: one.forApplication,
        wholeOf: ({ edits }) => {
          const tried = one.tried.get(keyOf(edits)) ?? null;
          const isWhole = checksOn(one.fault).every(({ id }) => isPlayed(tried, one.fault.route, id));
          return isWhole ? tried : null;
        },
      });
  }
  return { blamed, gone: gone.map(({ fault }) => fault) };
};

const tryWave = async (
  cases: readonly Case[],
  wave: (typeof waves)[number],
  checksOn: (fault: Fault) => Check[],
  trying: Trying,
): Promise<void> => {
  const experiments = new Map<string, Experiment & { cases: Case[] }>();
  const plan = (one: Case, { edits }: { edits: Edit[] }, checks: readonly Check[]): void => {
    const key = keyOf(edits);
    if (one.tried.has(key)) return;
    // The same change serves all faults that it is thought to concern.
    const known = experiments.get(key) ?? { edits, faults: [], cases: [] };
    if (!known.cases.includes(one)) known.cases.push(one);
    const { route } = one.fault;
    for (const check of checks)
      if (!known.faults.some((other) => other.route.id === route.id && other.check.id === check.id)) known.faults.push({ route, check });
    experiments.set(key, known);
  };
  for (const one of cases) {
    const { fault, suspects, remedies } = one;
    if (isAskedTwice(fault)) plan(one, nothing, [fault.check]);
    if (isOver(one)) continue;
    if (!guiltyOf(one)) for (const suspect of suspects.slice(0, wave.suspects)) plan(one, suspect, [fault.check]);
    if (remedies.some((remedy) => cures(one, remedy.edits))) continue;
    // What is likeliest to cure has to be played whole sooner or later.
    for (const [index, remedy] of remedies.slice(0, wave.remedies).entries())
      plan(one, remedy, index === 0 ? [fault.check, ...checksOn(fault)] : [fault.check]);
  }
  const all = [...experiments.entries()];
  const outcomes = all.length === 0 ? [] : await trying(all.map(([, { edits, faults }]) => ({ edits, faults })));
  for (const [index, [key, { cases: concerned }]] of all.entries())
    for (const one of concerned) one.tried.set(key, outcomes[index] ?? null);
};

const isPlayed = (tried: Tried | null, route: Route, checkId: string): boolean =>
  tried?.some((one) => one.route.id === route.id && one.check.id === checkId) ?? false;

export const isGoneIn = ({ route, check, isGone }: Fault, tried: Tried | null): boolean =>
  tried?.some((one) => one.route.id === route.id && one.check.id === check.id && isGone(one.result)) ?? false;

const keyOf = (edits: readonly Edit[]): string => JSON.stringify(edits);

const cures = ({ fault, tried }: Case, edits: readonly Edit[]): boolean => isGoneIn(fault, tried.get(keyOf(edits)) ?? null);

/** Seen once: with nothing changed neither this fault is there nor any other of its trial. */
const isOver = (one: Case): boolean => {
  const again = one.tried
    .get(keyOf(nothing.edits))
    ?.find(({ route, check }) => route.id === one.fault.route.id && check.id === one.fault.check.id);
  return cures(one, nothing.edits) && again?.result.report.outcome !== "fail";
};

const guiltyOf = (one: Case): Suspect | null => one.suspects.find(({ edits }) => cures(one, edits)) ?? null;

const deliveryRules: Rule[] = ["lagging", "batched", "buffered"];

/** How records are held back may depend on their sizes: that is one fault. */
const kindOf = (rule: Rule): string => (deliveryRules.includes(rule) ? "delivery" : rule);

/** The worst goes first: it is what the finding is called by. */
const join = (blamed: Blamed, { fault }: Case): void => {
  blamed.faults.push(fault);
  blamed.faults.sort((a, b) => deliveryRules.indexOf(b.rule) - deliveryRules.indexOf(a.rule));
};

const unprovenOf = (suspects: readonly Suspect[]): string =>
  suspects.length === 0
    ? "nothing in the configuration is known to do this"
    : `taking out one of these did not cure it: ${[...new Set(suspects.map(({ directive, place }) => `${directive} (${place.file}:${place.line})`))].join(", ")}`;
