// Lines that are said to help streams: without one nothing changes, so that it does nothing here.
import { facetsAskedFor } from "../model/outcome.ts";
import type { Finding } from "../report/check-report.ts";
import type { PlayedCheck } from "./check.ts";
import type { Configuration, Dialect, FolkCure, Route } from "./configuration.ts";
import { scenarioOf } from "./scenario.ts";
import type { Trying } from "./search.ts";

export const folkFindings = async (
  dialect: Dialect,
  configuration: Configuration,
  playedOn: ReadonlyMap<string, readonly PlayedCheck[]>,
  trying: Trying,
): Promise<Finding[]> => {
  const lines: { cure: FolkCure; route: Route; played: readonly PlayedCheck[] }[] = [];
  for (const route of configuration.routes)
    for (const cure of dialect.folkCures(configuration, route)) {
      // A line that several routes share is told once.
      if (
        lines.some(
          ({ cure: { place, directive } }) =>
            place.file === cure.place.file && place.line === cure.place.line && directive === cure.directive,
        )
      )
        continue;
      lines.push({ cure, route, played: playedOn.get(route.id) ?? [] });
    }
  const without =
    lines.length === 0
      ? []
      : await trying(
          lines.map(({ cure, route, played }) => ({ edits: cure.edits, faults: played.map(({ check }) => ({ route, check })) })),
        );
  return lines.flatMap(({ cure, route, played }, index) => {
    const now = without[index];
    const isIdle = now && played.every((before) => now.some((after) => after.check.id === before.check.id && isSame(route, before, after)));
    return isIdle ? [findingOf(cure, route, played[0]?.check.id ?? "")] : [];
  });
};

/** Whether a trial came out as before, as far as both playings tell: in members and culprits, since times differ from one to the next, and
 *  so does what lets a tail go. */
const isSame = (route: Route, before: PlayedCheck, after: PlayedCheck): boolean => {
  if (before.result.report.outcome === "pass" && after.result.report.outcome === "pass") return true;
  const told = wordsOf(route, before);
  const now = wordsOf(route, after);
  const both = [...told.keys()].filter((key) => now.has(key));
  return both.length > 0 && both.every((key) => told.get(key) === now.get(key));
};

/** By arm and facet, of what is asked for. */
const wordsOf = (route: Route, { check, result: { report } }: PlayedCheck): Map<string, string> => {
  const asked = facetsAskedFor(scenarioOf(route, check));
  const facets = report.facets.filter(({ facet }) => asked.has(facet));
  return new Map(facets.map(({ arm, facet, finding, culprit }) => [`${arm} ${facet}`, `${wordOf(finding.member)} ${culprit ?? ""}`]));
};

const wordOf = (member: string): string => (member === "lagging" || member === "batched" ? "held back" : member);

const findingOf = (cure: FolkCure, route: Route, check: string): Finding => {
  const at = { file: cure.place.file, line: cure.place.line, column: cure.place.column };
  return {
    id: `folk-cure:${route.id}:${cure.id}`,
    rule: "folk-cure",
    level: "note",
    route: route.id,
    check,
    says: `${cure.directive} is believed to ${cure.belief}, and does nothing here${cure.because === undefined ? "" : `: ${cure.because}`}`,
    at,
    guilty: { at, directive: cure.directive, absent: false, with: null, link: cure.link },
    unproven: null,
    evidence: "without it every trial came out as with it",
    conditions: [],
    cure: null,
  };
};
