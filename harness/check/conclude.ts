// From what the trials showed to findings: for each fault the line that causes it, by experiments, and the smallest change that fixes it, proven
// by running all trials again.
import { step } from "../progress.ts";
import type { OnProgress } from "../progress.ts";
import type { Finding } from "../report/check-report.ts";
import type { Task } from "./checks.ts";
import type { Edit, Route, Suspect } from "./configuration.ts";
import { fitTogether } from "./edits.ts";
import { crowdFaults } from "./crowd-faults.ts";
import type { CrowdFault } from "./crowd-faults.ts";
import { otherLimits } from "./crowd-others.ts";
import { faultsOf, findingOf } from "./findings.ts";
import { fixesOf, sharedIn } from "./fix.ts";
import type { Proven } from "./fix.ts";
import { maskedFaults } from "./masked.ts";
import { repeatedFaults } from "./repeated.ts";
import { noEffectFindings } from "./no-effect.ts";
import type { ObservedCheck } from "./observed.ts";
import { outageFaults } from "./outage-faults.ts";
import { routeVia } from "./protocols.ts";
import { changesOfSets } from "./route-changes.ts";
import { fixPerRoute } from "./route-fix.ts";
import { forget, leaveOpen } from "./route-reports.ts";
import type { About, Observed } from "./route-reports.ts";
import { investigate } from "./search.ts";
import type { Blamed, Fault } from "./search.ts";
import type { CheckedConfig } from "./server.ts";
import { isMadeOn, isMendedOn } from "./standing.ts";
import type { standingsWith } from "./standing.ts";
import { untilHeld } from "./still-held.ts";
import { survivedOn } from "./survived.ts";
import { fixTogether } from "./together.ts";
import type { Together } from "./together.ts";
import type { Trying } from "./tried.ts";

export interface Concluding extends Observed {
  /** With the version of the server that ran. */
  config: CheckedConfig;
  /** The servers by their names in verdicts, from the one that clients reach. */
  hops: readonly string[];
  taskOf: (route: Route) => Task;
  standingOf: ReturnType<typeof standingsWith>;
  about: About;
  trying: Trying;
  /** A real application serves it, which follows no script. */
  isUnscripted: (route: Route) => boolean;
  /** Whether all fixes are proven together, to be written. */
  writes: boolean;
  /** What else is known of these routes: only faults are looked for. */
  isAgain?: true;
  onProgress: OnProgress;
}

export interface Conclusion {
  findings: Finding[];
  together: Together;
  /** Of the fixes that were proven, as far as they can be made together. */
  edits: Edit[];
  /** Of the proven fixes of each route, by its id. */
  editsOn: ReadonlyMap<string, Edit[]>;
}

const openAmong = (observed: readonly ObservedCheck[] = []): ObservedCheck["check"][] =>
  observed.flatMap(({ check, result: { report } }) => (report.outcome === "pass" || report.outcome === "fail" ? [] : [check]));

export const conclude = async (seen: Concluding): Promise<Conclusion> => {
  const { config, results, standingOf, trying, hops, writes, onProgress } = seen;
  const hop = hops.join(" → ");
  const [crowd, outages] = seen.isAgain ? [[], []] : await Promise.all([crowdOn(seen, hop), outagesOn(seen, hop)]);
  for (const fault of crowd) leaveOpen(seen.routes, results, seen.about, fault);
  const faults = [...config.routes.flatMap((route) => faultsOn(route, results.get(route.id) ?? [], hops)), ...crowd, ...outages];
  if (faults.length > 0) onProgress(step(`looking for the lines that cause ${faults.length} ${faults.length === 1 ? "fault" : "faults"}`));
  // Headers that an application would have to send cannot be tried where it follows no script, and some trials were not run.
  const scripted = config.with({ routes: seen.isAgain ? [] : config.routes.filter((route) => !seen.isUnscripted(route)) });
  const suspected = faults.flatMap((fault) => config.suspects(routeVia(fault.route, fault.check), fault.symptom));
  // Lines that are blamed have an effect, so those that may be wait until the blame is known.
  const [{ blamed, fixes, idle }, noEffect] = await Promise.all([
    blame(seen, faults, (lines) =>
      noEffectFindings(scripted, results, trying, (line) => isAt(line, suspected) && !isAt(line, culpritsOf(lines))),
    ),
    noEffectFindings(scripted, results, trying, (line) => !isAt(line, suspected)),
  ]);
  if (writes) onProgress(step("proving all fixes together"));
  const standingOfFirst = (one: Blamed) => standingOf((one.faults[0] as Fault).route);
  const together = await fixTogether(blamed, fixes, config.routes, results, writes ? trying : null, (one) =>
    isMadeOn(one, standingOfFirst(one)),
  );
  const findings = blamed.map((one, index) => {
    const { route } = one.faults[0] as Fault;
    return findingOf(one, fixes[index]?.fix ?? null, standingOfFirst(one), route, openAmong(results.get(route.id)));
  });
  findings.push(...(await otherLimits(config, crowd, blamed, trying, hop, standingOf)), ...noEffect, ...idle);
  const edits = fixes.reduce<Edit[]>(
    (all, proven) => (proven && fitTogether([...all, ...proven.edits]) ? [...all, ...proven.edits] : all),
    [],
  );
  const editsOn = editsByRoute(blamed, fixes);
  return { findings: seen.isAgain ? findings : [...findings, ...survived(seen, findings)], together, edits, editsOn };
};

const crowdOn = ({ config, results, taskOf, trying }: Concluding, hop: string): Promise<CrowdFault[]> =>
  crowdFaults({ config, observedOn: results, taskOf, hop, trying });

const outagesOn = ({ config, taskOf, trying, isUnscripted }: Concluding, hop: string): Promise<Fault[]> => {
  const scripted = config.with({ routes: config.routes.filter((route) => !isUnscripted(route)) });
  return outageFaults({ config: scripted, taskOf, hop, trying });
};

const editsByRoute = (blamed: readonly Blamed[], fixes: readonly (Proven | null)[]): Map<string, Edit[]> => {
  const byRoute = new Map<string, Edit[]>();
  for (const [index, one] of blamed.entries()) {
    const id = (one.faults[0] as Fault).route.id;
    byRoute.set(id, distinct([...(byRoute.get(id) ?? []), ...(fixes[index]?.edits ?? [])]));
  }
  return byRoute;
};

/** Findings of a route share its fix. */
const distinct = (edits: readonly Edit[]): Edit[] => [...new Map(edits.map((edit) => [JSON.stringify(edit), edit])).values()];

const faultsOn = (route: Route, observed: readonly ObservedCheck[], hops: readonly string[]): Fault[] => [
  ...faultsOf(route, observed, hops),
  ...maskedFaults(route, observed, hops),
  ...repeatedFaults(route, observed, hops),
];

/** What caused which faults, and what fixes them; `noEffectOf` is for the lines that could have been the cause, and are not. */
const blame = async (
  seen: Concluding,
  faults: readonly Fault[],
  noEffectOf: (blamed: readonly Blamed[]) => Promise<Finding[]>,
): Promise<{ blamed: Blamed[]; fixes: (Proven | null)[]; idle: Finding[] }> => {
  const { config, routes, results, about, isUnscripted, onProgress } = seen;
  const trying = untilHeld(faults, seen.trying);
  const isPartOfFix = (fault: Fault): boolean => isMendedOn({ faults: [fault] }, seen.standingOf(fault.route));
  const { blamed, gone } = await investigate(config, faults, results, trying, isPartOfFix);
  for (const fault of gone) forget(routes, results, about, fault);
  for (const one of blamed) if (one.faults.some(({ route }) => isUnscripted(route))) one.forApplication = [];
  if (blamed.length > 0) onProgress(step("proving fixes"));
  const [fixes, idle] = await Promise.all([proveFixes(seen, blamed, trying), noEffectOf(blamed)]);
  return { blamed, fixes, idle };
};

const proveFixes = async (
  { config, results, standingOf }: Concluding,
  blamed: readonly Blamed[],
  trying: Trying,
): Promise<(Proven | null)[]> => {
  const isMended = (one: Blamed): boolean => isMendedOn(one, standingOf((one.faults[0] as Fault).route));
  const shared = sharedIn(blamed);
  const eachOf = (some: readonly Blamed[]) => fixesOf(config, some, results, trying, shared);
  const setsOf = (some: readonly Blamed[], fixes: readonly (Proven | null)[]) =>
    fixPerRoute(config, some, fixes, results, trying, isMended, shared);
  const changes = changesOfSets(config, blamed, isMended);
  const [inSet, byItself] = [blamed.filter((_, index) => changes[index]), blamed.filter((_, index) => !changes[index])];
  const [sets, fixes] = await Promise.all([
    setsOf(
      inSet,
      changes.filter((change) => change !== null),
    ),
    eachOf(byItself),
  ]);
  // Where the set does not hold, each change is proven, and then as many of them as hold together.
  const left = inSet.filter((_, index) => sets[index] === null);
  const single = [...byItself, ...left];
  const proven = await setsOf(single, [...fixes, ...(left.length === 0 ? [] : await eachOf(left))]);
  return blamed.map((one) => sets[inSet.indexOf(one)] ?? proven[single.indexOf(one)] ?? null);
};

const culpritsOf = (blamed: readonly Blamed[]): Suspect[] => blamed.flatMap(({ suspect }) => suspect ?? []);

const isAt = ({ place: { file, line } }: Pick<Suspect, "place">, others: readonly Pick<Suspect, "place">[]): boolean =>
  others.some(({ place }) => place.file === file && place.line === line);

const survived = ({ config, routes, taskOf }: Concluding, found: readonly Finding[]): Finding[] =>
  config.routes.flatMap((route) => {
    const report = routes.find(({ id }) => id === route.id);
    return report ? survivedOn(config, route, report, taskOf(route).checks, found) : [];
  });
