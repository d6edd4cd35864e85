// From what the trials showed to findings: for each fault the line that causes it, by experiments, and the smallest change that fixes it, proven
// by running all trials again.
import { step } from "../progress.ts";
import type { OnProgress } from "../progress.ts";
import type { Finding } from "../report/check-report.ts";
import type { Task } from "./checks.ts";
import type { Edit, Route } from "./configuration.ts";
import { fitTogether } from "./edits.ts";
import { crowdFaults } from "./crowd-faults.ts";
import type { CrowdFault } from "./crowd-faults.ts";
import { otherLimits } from "./crowd-others.ts";
import { faultsOf, findingOf } from "./findings.ts";
import { fixesOf } from "./fix.ts";
import type { Proven } from "./fix.ts";
import { maskedFaults } from "./masked.ts";
import { noEffectFindings } from "./no-effect.ts";
import type { ObservedCheck } from "./observed.ts";
import { outageFaults } from "./outage-faults.ts";
import { fixPerRoute } from "./route-fix.ts";
import { forget, leaveOpen } from "./route-reports.ts";
import type { About, Observed } from "./route-reports.ts";
import { investigate } from "./search.ts";
import type { Blamed, Fault } from "./search.ts";
import type { CheckedConfig } from "./server.ts";
import { isMadeOn, isMendedOn } from "./standing.ts";
import type { standingsWith } from "./standing.ts";
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
  const [{ blamed, fixes }, noEffect] = await Promise.all([blame(seen, faults), noEffectFindings(scripted, results, trying)]);
  if (writes) onProgress(step("proving all fixes together"));
  const standingOfFirst = (one: Blamed) => standingOf((one.faults[0] as Fault).route);
  const together = await fixTogether(blamed, fixes, config.routes, results, writes ? trying : null, (one) =>
    isMadeOn(one, standingOfFirst(one)),
  );
  const findings = blamed.map((one, index) => {
    const { route } = one.faults[0] as Fault;
    return findingOf(one, fixes[index]?.fix ?? null, standingOfFirst(one), route, openAmong(results.get(route.id)));
  });
  findings.push(
    ...(await otherLimits(config, crowd, blamed, trying, hop, standingOf)),
    ...noEffect.filter((one) => !isCulprit(one, blamed)),
  );
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
];

const blame = async (seen: Concluding, faults: readonly Fault[]): Promise<{ blamed: Blamed[]; fixes: (Proven | null)[] }> => {
  const { config, routes, results, about, trying, standingOf, isUnscripted, onProgress } = seen;
  const { blamed, gone } = await investigate(config, faults, results, trying);
  for (const fault of gone) forget(routes, results, about, fault);
  for (const one of blamed) if (one.faults.some(({ route }) => isUnscripted(route))) one.forApplication = [];
  if (blamed.length > 0) onProgress(step("proving fixes"));
  const single = await fixesOf(config, blamed, results, trying);
  const isMended = (one: Blamed): boolean => isMendedOn(one, standingOf((one.faults[0] as Fault).route));
  return { blamed, fixes: await fixPerRoute(config, blamed, single, results, trying, isMended) };
};

const isCulprit = ({ at: { file, line } }: Finding, blamed: readonly Blamed[]): boolean =>
  blamed.some(({ suspect }) => suspect?.place.file === file && suspect.place.line === line);

const survived = ({ config, routes, taskOf }: Concluding, found: readonly Finding[]): Finding[] =>
  config.routes.flatMap((route) => {
    const report = routes.find(({ id }) => id === route.id);
    return report ? survivedOn(config, route, report, taskOf(route).checks, found) : [];
  });
