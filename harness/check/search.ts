// Which line makes a fault: every suspect is taken out of the game in a copy of its own, and the shortest trials that show the fault are
// played again. What flips it is guilty; of several the one that the server's own knowledge names first.
import type { Rule } from "../report/check-report.ts";
import type { ScenarioReport } from "../report/report.ts";
import type { Result } from "../measure.ts";
import type { Check } from "./checks.ts";
import type { Configuration, Dialect, Edit, Route, Suspect, Symptom } from "./configuration.ts";

export interface Fault {
  route: Route;
  check: Check;
  rule: Rule;
  symptom: Symptom;
  report: ScenarioReport;
  /** What was seen, in a sentence. */
  evidence: string;
  /** Whether another playing of the check shows it no more. */
  isGone: (result: Result) => boolean;
}

/** Faults of one rule with one line behind them. */
export interface Blamed {
  faults: Fault[];
  suspect: Suspect | null;
  /** Why nobody could be blamed; null if somebody was. */
  unproven: string | null;
}

export interface Experiment {
  edits: Edit[];
  faults: Pick<Fault, "route" | "check">[];
}

/** Plays experiments at the same time; null for one whose configuration the server refuses. */
export type Trying = (experiments: readonly Experiment[]) => Promise<({ check: Check; result: Result }[] | null)[]>;

export const searchLine = async (
  dialect: Dialect,
  configuration: Configuration,
  faults: readonly Fault[],
  trying: Trying,
): Promise<Blamed[]> => {
  const suspectsOf = new Map(faults.map((fault) => [fault, dialect.suspects(configuration, fault.route, fault.symptom)]));
  /** The same change serves all faults that suspect it. */
  const experiments = new Map<string, Experiment & { faults: Fault[] }>();
  for (const [fault, suspects] of suspectsOf)
    for (const { edits } of suspects) {
      const key = JSON.stringify(edits);
      const known = experiments.get(key) ?? { edits, faults: [] };
      known.faults.push(fault);
      experiments.set(key, known);
    }
  const keys = [...experiments.keys()];
  const outcomes = await trying([...experiments.values()]);
  const flips = (fault: Fault, { edits }: Suspect): boolean => {
    const played = outcomes[keys.indexOf(JSON.stringify(edits))];
    return played?.some(({ check, result }) => check.id === fault.check.id && fault.isGone(result)) ?? false;
  };
  const blamed: Blamed[] = [];
  for (const [fault, suspects] of suspectsOf) {
    const suspect = suspects.find((one) => flips(fault, one)) ?? null;
    const same = blamed.find(({ faults: [first], suspect: other }) => first?.rule === fault.rule && other?.id === suspect?.id);
    if (same) same.faults.push(fault);
    else blamed.push({ faults: [fault], suspect, unproven: suspect ? null : unprovenOf(suspects) });
  }
  return blamed;
};

const unprovenOf = (suspects: readonly Suspect[]): string =>
  suspects.length === 0
    ? "nothing in the configuration is known to do this"
    : `taking out one of these did not cure it: ${[...new Set(suspects.map(({ directive, place }) => `${directive} (${place.file}:${place.line})`))].join(", ")}`;
