// One line may spoil many routes: what differs in nothing but the route and the check is told once.
import { headlineOf } from "../model/outcome.ts";
import type { Facet } from "../model/verdict.ts";
import type { CheckReport, Finding } from "./check-report.ts";
import { columnOfFinding, ownColumnOf } from "./check-words.ts";
import type { ScenarioReport } from "./report.ts";

export interface Group {
  /** Stands for all: its picture, its numbers. */
  first: Finding;
  routes: string[];
  checks: string[];
  conditions: string[];
}

/** Errors first, each level in the order in which its findings came. */
export const groupsOf = ({ findings }: CheckReport): Group[] => {
  const groups = Map.groupBy(findings, ({ level, rule, at, says, guilty, unproven, cure }) =>
    // Where no line is to blame it says what was measured, which is another number each time.
    JSON.stringify([
      level,
      rule,
      at.file,
      at.line,
      at.column,
      guilty ? says : unproven,
      guilty?.with ?? null,
      cure?.diff ?? null,
      cure?.headers ?? null,
    ]),
  );
  return [...groups.values()]
    .flatMap((members): Group[] => {
      const [first] = members;
      if (!first) return [];
      const all = (of: (finding: Finding) => string[]): string[] => [...new Set(members.flatMap(of))];
      return [
        { first, routes: all(({ route }) => [route]), checks: all(({ check }) => [check]), conditions: all((one) => one.conditions) },
      ];
    })
    .toSorted((a, b) => Number(a.first.level === "note") - Number(b.first.level === "note"));
};

/** What a picture is drawn from: the trial that the finding comes from, and the facet that it is about. */
export const seenIn = (
  report: CheckReport,
  { route, check, rule, evidence }: Finding,
): { scenario: ScenarioReport; facet: Facet } | null => {
  const scenario = report.routes.find(({ id }) => id === route)?.checks.find((one) => one.check === check)?.scenario;
  const wrong = scenario?.facets.filter(({ culprit }) => culprit !== null) ?? [];
  const facet =
    wrong.find((one) => one.evidence === evidence) ??
    wrong.find((one) => headlineOf(one) === rule) ??
    wrong.find((one) => headlineOf(one) === scenario?.headline);
  return scenario && facet ? { scenario, facet } : null;
};

/** The error that a check shows: its own, or that of another check on the same route which shows the same. */
export const errorsOf = ({ findings }: CheckReport, route: string, check: string, scenario: ScenarioReport | null): Finding[] => {
  const errors = findings.filter((finding) => finding.level === "error" && finding.route === route);
  const own = errors.filter((finding) => finding.check === check);
  if (own.length > 0 || scenario?.outcome !== "fail") return own;
  const column = ownColumnOf(check) ?? scenario.facets.find((facet) => headlineOf(facet) === scenario.headline)?.facet;
  const alike = errors.filter((finding) => finding.rule === scenario.headline);
  return (alike.length > 0 ? alike : errors.filter((finding) => columnOfFinding(finding) === column)).slice(0, 1);
};

const shown = 4;

/** `a, b, c and 12 more`. */
export const several = (names: readonly string[]): string =>
  names.length <= shown + 1 ? names.join(", ") : `${names.slice(0, shown).join(", ")} and ${names.length - shown} more`;
