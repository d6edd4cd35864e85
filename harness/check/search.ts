// Which line causes a fault, and what fixes it. Each suspect is removed in a copy of the configuration, each fix is made in one, and the
// trials that show the fault run again. The culprit is the suspect without which the fault is gone; of several, the likeliest one.
import type { Result } from "../session/attempt.ts";
import type { Rule } from "../report/check-report.ts";
import type { Facet } from "../model/verdict.ts";
import type { ScenarioReport } from "../report/report.ts";
import type { Check } from "./checks.ts";
import type { ApplicationFix, Edit, Fix, Route, Suspect, Symptom } from "./configuration.ts";
import type { CheckedConfig } from "./server.ts";
import { routeVia } from "./protocols.ts";
import type { Wrong } from "./severity.ts";
import { notRunIn, ranIn, trialIn } from "./tried.ts";
import type { Experiment, Held, Problem, Subject, Trials, Tried, Trying } from "./tried.ts";

export interface Fault {
  route: Route;
  check: Check;
  rule: Rule;
  symptom: Symptom;
  report: ScenarioReport;
  /** What was seen, in a sentence. */
  evidence: string;
  /** The facet that shows it; null where only the whole trial does. */
  facet: Facet | null;
  /** What its level depends on. */
  wrong: Wrong;
  /** What another attempt shows instead; default: what it reports of the facet. */
  sees?: (result: Result) => string;
  /** It shows as soon as a record is held; absent or null: the whole trial is needed. */
  held?: Held | null;
  /** Whether another attempt no longer shows it. */
  isGone: (result: Result) => boolean;
}

/** Faults of one kind with the same culprit. */
export interface Blamed {
  faults: Fault[];
  suspect: Suspect | null;
  /** Why no line could be blamed; null if one was. */
  unproven: string | null;
  /** Of its first fault, those that were seen to fix it, smallest first. */
  fixes: Fix[];
  /** All that may fix it, tried or not. */
  candidates?: Fix[];
  /** What only the application can do; not tried yet. */
  forApplication: ApplicationFix[];
  /** The trials that ran with a fix. */
  seenWith: (fix: Fix) => Trials | null;
  /** The same, where all trials of the route have run with it. */
  wholeOf: (fix: Fix) => Trials | null;
}

interface Investigation {
  fault: Fault;
  suspects: Suspect[];
  fixes: Fix[];
  forApplication: ApplicationFix[];
  /** By what was changed. */
  tried: Map<string, Tried>;
}

export const isConfigurationFix = (one: Fix | ApplicationFix): one is Fix => "edits" in one;

/** A refusal may depend on what runs concurrently (a limit on connections): a trial alone would not show it. */
const refusals: string[] = ["error-response", "no-response", "hung"];

/** A one-off scheduling delay looks like a fault of the hop, and any change would seem to fix it. So the trial runs again on the unchanged
 *  configuration. Trials whose result depends on a race or on a cache are not repeated. */
const isRepeated = ({ check: { trial, timeScale }, symptom, facet: seen }: Fault): boolean => {
  if (trial.kind === "origin-abort" || trial.kind === "late-joiner") return false;
  if (seen === null)
    return "during" in symptom
      ? symptom.during === "crowd" && symptom.status === null
      : "feature" in symptom && symptom.feature === "upload";
  // A fast clock makes a moment of the machine's as long as a timeout of some seconds.
  if (seen.observation.member === "no-response" && (timeScale ?? 1) > 1) return true;
  return !refusals.includes(seen.observation.member) && seen.facet !== "source" && seen.facet !== "integrity";
};

const nothing: Edit[] = [];

/** Likeliest first: mostly no further wave is needed. */
const waves = [
  { suspects: 4, fixes: 2 },
  { suspects: Infinity, fixes: Infinity },
];

export interface Found {
  blamed: Blamed[];
  /** Faults that were seen once, and not in a second attempt. */
  gone: Fault[];
}

export const investigate = async (
  config: CheckedConfig,
  faults: readonly Fault[],
  /** By route: what was run on it. */
  observedOn: ReadonlyMap<string, readonly { check: Check }[]>,
  trying: Trying,
  /** Whether its fix is part of the route's. */
  isMended: (fault: Fault) => boolean = () => true,
): Promise<Found> => {
  const checksOn = ({ route }: Fault): Check[] => (observedOn.get(route.id) ?? []).map(({ check }) => check);
  const investigations = faults.map((fault): Investigation => {
    const route = routeVia(fault.route, fault.check);
    const all = config.fixes(route, fault.symptom);
    return {
      fault,
      suspects: config.suspects(route, fault.symptom),
      fixes: all.filter(isConfigurationFix),
      forApplication: all.filter((one): one is ApplicationFix => !isConfigurationFix(one)),
      tried: new Map(),
    };
  });
  const withLikeliest = (one: Investigation, fix: Fix): Check[] =>
    isSetOfItsOwn(one, fix, investigations, isMended) ? checksOn(one.fault) : showing(one.fault, investigations, isMended);
  for (const wave of waves) await tryWave(config, investigations, wave, withLikeliest, trying);
  const blamed: Blamed[] = [];
  const gone = investigations.filter(isOver);
  for (const one of investigations) {
    if (gone.includes(one)) continue;
    const suspect = culpritOf(one);
    const same = blamed.find(
      ({ faults: [first], suspect: other }) =>
        first?.route.id === one.fault.route.id && kindOf(first.rule) === kindOf(one.fault.rule) && other?.id === suspect?.id,
    );
    if (same) join(same, one);
    else
      blamed.push({
        faults: [one.fault],
        suspect,
        unproven: suspect ? null : unprovenOf(one),
        fixes: unrepeated(one) ? [] : one.fixes.filter((fix) => isFixedBy(one, fix.edits)),
        candidates: one.fixes,
        forApplication: unrepeated(one) ? [] : one.forApplication,
        seenWith: ({ edits }) => ranIn(one.tried.get(keyOf(edits))),
        wholeOf: ({ edits }) => {
          const ran = ranIn(one.tried.get(keyOf(edits)));
          const isWhole = checksOn(one.fault).every((check) => ran && trialIn(ran, { route: one.fault.route, check }));
          return isWhole ? ran : null;
        },
      });
  }
  return { blamed, gone: gone.map(({ fault }) => fault) };
};

/** Else the server that ran the trials would answer their repetition with what it has kept. Not known: it may. */
const keepsNothing = ({ keeps }: CheckedConfig, route: Route): boolean => keeps !== undefined && !keeps(route)?.isKeptAfterwards;

const tryWave = async (
  config: CheckedConfig,
  investigations: readonly Investigation[],
  wave: (typeof waves)[number],
  withLikeliest: (one: Investigation, fix: Fix) => Check[],
  trying: Trying,
): Promise<void> => {
  const experiments = new Map<string, { experiment: Required<Pick<Experiment, "about">> & Experiment; investigations: Investigation[] }>();
  const plan = (one: Investigation, edits: Edit[], checks: readonly Check[], about: Subject): void => {
    if (one.tried.has(keyOf(edits))) return;
    const { route } = one.fault;
    const isUnchanged = edits === nothing;
    // Without a change, each route is by itself: it may share a server with changes of others.
    const key = isUnchanged ? `${route.id} ${keyOf(edits)}` : keyOf(edits);
    // One experiment serves all faults that the same change may fix.
    const known = experiments.get(key) ?? {
      experiment: { edits, faults: [], about: [], isRepetition: isUnchanged && keepsNothing(config, route) },
      investigations: [],
    };
    const { faults, about: subjects } = known.experiment;
    if (!known.investigations.includes(one)) known.investigations.push(one);
    subjects.push(about);
    for (const check of checks)
      if (!faults.some((other) => other.route.id === route.id && other.check.id === check.id)) faults.push({ route, check });
    experiments.set(key, known);
  };
  for (const one of investigations) {
    const { fault, suspects, fixes } = one;
    if (isRepeated(fault)) plan(one, nothing, [fault.check], aboutRepetition(fault));
    if (isOver(one) || unrepeated(one)) continue;
    if (!culpritOf(one))
      for (const suspect of suspects.slice(0, wave.suspects)) plan(one, suspect.edits, [fault.check], aboutSuspect(fault, suspect));
    if (fixes.some((fix) => isFixedBy(one, fix.edits))) continue;
    for (const [index, fix] of fixes.slice(0, wave.fixes).entries())
      plan(one, fix.edits, index === 0 ? [fault.check, ...withLikeliest(one, fix)] : [fault.check], aboutFix(fault, fix));
  }
  const all = [...experiments.entries()];
  const outcomes = all.length === 0 ? [] : await trying(all.map(([, { experiment }]) => experiment));
  for (const [index, [, { experiment, investigations: concerned }]] of all.entries())
    for (const one of concerned) {
      const tried = outcomes[index];
      if (tried) one.tried.set(keyOf(experiment.edits), tried);
    }
};

/** It may be the fix of its route by itself: then all trials have to run with it sooner or later. Else only the set of all changes has to be
 *  proven. */
const isSetOfItsOwn = (
  { fault }: Investigation,
  fix: Fix,
  investigations: readonly Investigation[],
  isMended: (fault: Fault) => boolean,
): boolean =>
  !isMended(fault) ||
  investigations.every(
    (other) =>
      other.fault.route.id !== fault.route.id ||
      !isMended(other.fault) ||
      other.fixes.some(({ edits }) => keyOf(edits) === keyOf(fix.edits)),
  );

/** The trials of its route that show what else has to be mended, as far as the same change may mend it: a timeout has a line of its own. */
const showing = ({ route }: Fault, investigations: readonly Investigation[], isMended: (fault: Fault) => boolean): Check[] =>
  investigations.flatMap(({ fault: other }) =>
    other.route.id === route.id && isMended(other) && other.check.timeScale === undefined ? [other.check] : [],
  );

const aboutRepetition = ({ route, evidence }: Fault): Subject => ({ experiment: "repetition", route: route.id, what: evidence, at: null });

const aboutSuspect = ({ route }: Fault, { directive, place: { file, line, column } }: Suspect): Subject => ({
  experiment: "suspect",
  route: route.id,
  what: directive,
  at: { file, line, column },
});

/** Also where all trials of the route run with it. */
export const aboutFix = ({ route }: Pick<Fault, "route">, { title }: Pick<Fix, "title">): Subject => ({
  experiment: "fix",
  route: route.id,
  what: title,
  at: null,
});

export const isGoneIn = (fault: Fault, trials: Trials | null): boolean => {
  const result = trials ? trialIn(trials, fault)?.result : undefined;
  return result !== undefined && result.report.outcome !== "harness-fault" && fault.isGone(result);
};

const keyOf = (edits: readonly Edit[]): string => JSON.stringify(edits);

const isFixedBy = ({ fault, tried }: Investigation, edits: readonly Edit[]): boolean => isGoneIn(fault, ranIn(tried.get(keyOf(edits))));

const notRun = ({ fault, tried }: Investigation, edits: readonly Edit[]): Problem | null => notRunIn(tried.get(keyOf(edits)), fault);

/** Seen once: with nothing changed neither this fault is there nor any other of its trial, which ran to its end. */
const isOver = (one: Investigation): boolean => {
  const again = trialIn(ranIn(one.tried.get(keyOf(nothing))) ?? [], one.fault);
  return isFixedBy(one, nothing) && again?.result.report.outcome !== "fail" && again?.result.isDecided !== true;
};

/** Why the trial could not be repeated: then any change would seem to fix a one-off. */
const unrepeated = (one: Investigation): Problem | null => (isRepeated(one.fault) ? notRun(one, nothing) : null);

/** No suspect is blamed while a likelier one was not tried. */
const culpritOf = (one: Investigation): Suspect | null => {
  const first = one.suspects.find(({ edits }) => !one.tried.has(keyOf(edits)) || isFixedBy(one, edits) || notRun(one, edits));
  return first && !unrepeated(one) && isFixedBy(one, first.edits) ? first : null;
};

const deliveryRules: Rule[] = ["delayed", "lagging", "throttled", "batched", "buffered"];

/** How records are held back may depend on their sizes: that is one fault. */
const kindOf = (rule: Rule): string => (deliveryRules.includes(rule) ? "delivery" : rule);

/** The worst goes first: it names the finding. */
const join = (blamed: Blamed, { fault }: Investigation): void => {
  blamed.faults.push(fault);
  blamed.faults.sort((a, b) => deliveryRules.indexOf(b.rule) - deliveryRules.indexOf(a.rule));
};

const placed = ({ directive, place }: Suspect): string => `${directive} (${place.file}:${place.line})`;

const listed = (suspects: readonly Suspect[]): string => [...new Set(suspects.map(placed))].join(", ");

const unprovenOf = (one: Investigation): string => {
  const { suspects, tried } = one;
  if (suspects.length === 0) return "no directive in the configuration is known to cause this";
  const again = unrepeated(one);
  if (again)
    return `not checked: the trial could not be repeated on the unchanged configuration, so no change would prove anything: ${again.why}`;
  const those = Map.groupBy(suspects, ({ edits }) => {
    const seen = tried.get(keyOf(edits));
    return notRun(one, edits) ? "open" : seen && "rejected" in seen ? "rejected" : isFixedBy(one, edits) ? "gone" : "there";
  });
  const { open = [], rejected = [], gone = [], there = [] } = Object.fromEntries(those);
  return [
    ...(there.length > 0 ? [`removing ${there.length === 1 ? "this" : "any one of these"} did not fix it: ${listed(there)}`] : []),
    ...(rejected.length > 0 ? [`not checked, since the server refuses the configuration without: ${listed(rejected)}`] : []),
    ...(open.length > 0
      ? [`not checked, since the experiment could not run: ${listed(open)}: ${notRun(one, open[0]?.edits ?? [])?.why ?? ""}`]
      : []),
    ...(gone.length > 0 ? [`without ${listed(gone)} the fault is gone, which proves nothing while a likelier line is not checked`] : []),
  ].join("; ");
};
