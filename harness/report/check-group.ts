// One line may harm many routes: findings that differ only in route and check form one group.
import { headlineOf } from "../model/outcome.ts";
import type { Facet } from "../model/verdict.ts";
import type { CheckReport, Finding, Level, ProvenFix } from "./check-report.ts";
import { columnOfFinding } from "./check-words.ts";
import type { ScenarioReport } from "./report.ts";

export interface Group {
  /** Represents the group, with its picture and its numbers. */
  first: Finding;
  routes: string[];
  checks: string[];
  conditions: string[];
  /** Each route has one of its own; those with the same change share it. */
  fixes: { fix: ProvenFix; routes: string[] }[];
}

const levels: Level[] = ["error", "warning", "note"];

/** Errors first, then warnings and notes; each level in the order of its findings. */
export const groupsOf = ({ findings }: CheckReport): Group[] => {
  const groups = Map.groupBy(findings, ({ level, rule, at, says, culprit: directive, unproven, fix }) =>
    // Without a culprit, `says` has measured numbers, which differ each time.
    JSON.stringify([
      level,
      rule,
      at.file,
      at.line,
      at.column,
      directive ? says : unproven,
      directive?.with ?? null,
      directive === null ? keyOfFix(fix) : fix === null,
    ]),
  );
  return [...groups.values()]
    .flatMap((members): Group[] => {
      const [first] = members;
      if (!first) return [];
      const all = (of: (finding: Finding) => string[]): string[] => [...new Set(members.flatMap(of))];
      return [
        {
          first,
          routes: all(({ route }) => [route]),
          checks: all(({ check, alsoIn = [] }) => [check, ...alsoIn]),
          conditions: all((one) => one.conditions),
          fixes: fixesIn(members),
        },
      ];
    })
    .toSorted((a, b) => levels.indexOf(a.first.level) - levels.indexOf(b.first.level));
};

const keyOfFix = (fix: ProvenFix | null): string => JSON.stringify([fix?.diff ?? null, fix?.headers ?? null]);

const fixesIn = (members: readonly Finding[]): Group["fixes"] =>
  [...Map.groupBy(members, ({ fix }) => keyOfFix(fix)).values()].flatMap((alike) => {
    const fix = alike[0]?.fix ?? null;
    return fix === null ? [] : [{ fix, routes: [...new Set(alike.map(({ route }) => route))] }];
  });

/** The trial and the facet of a finding, for its picture. */
export const seenIn = (report: CheckReport, { route, check, rule, shows }: Finding): { scenario: ScenarioReport; facet: Facet } | null => {
  const scenario = report.routes.find(({ id }) => id === route)?.checks.find((one) => one.check === check)?.scenario;
  const wrong = scenario?.facets.filter(({ culprit }) => culprit !== null) ?? [];
  const facet =
    wrong.find(({ facet: name, case: trialCase }) => name === shows?.facet && trialCase === shows.case) ??
    wrong.find((one) => headlineOf(one) === rule) ??
    wrong.find((one) => headlineOf(one) === scenario?.headline);
  return scenario && facet ? { scenario, facet } : null;
};

/** The error of a check: its own, or the same error of another check on the route. */
export const errorsOf = ({ findings, routes }: CheckReport, route: string, check: string, scenario: ScenarioReport | null): Finding[] => {
  const errors = findings.filter((finding) => finding.level === "error" && finding.route === route);
  const own = errors.filter((finding) => finding.check === check);
  if (own.length > 0 || scenario?.outcome !== "fail") return own;
  const checks = routes.find(({ id }) => id === route)?.checks;
  const column =
    checks?.find((one) => one.check === check)?.feature ?? scenario.facets.find((facet) => headlineOf(facet) === scenario.headline)?.facet;
  const alike = errors.filter((finding) => finding.rule === scenario.headline);
  return (alike.length > 0 ? alike : errors.filter((finding) => columnOfFinding(finding) === column)).slice(0, 1);
};

const shown = 4;

/** `a, b, c and 12 more`. */
export const several = (names: readonly string[]): string =>
  names.length <= shown + 1 ? names.join(", ") : `${names.slice(0, shown).join(", ")} and ${names.length - shown} more`;
