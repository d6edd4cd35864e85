// Lines that are said to help streams: without one nothing changes, so that it does nothing here.
import type { Finding } from "../report/check-report.ts";
import type { PlayedCheck } from "./check.ts";
import type { Configuration, Dialect, FolkCure, Place, Route } from "./configuration.ts";
import type { Result } from "../measure.ts";
import type { Trying } from "./search.ts";

export const folkFindings = async (
  dialect: Dialect,
  configuration: Configuration,
  playedOn: ReadonlyMap<string, readonly PlayedCheck[]>,
  /** Places of lines that were seen to do something. */
  guilty: readonly Place[],
  trying: Trying,
): Promise<Finding[]> => {
  const lines: { cure: FolkCure; route: Route; played: readonly PlayedCheck[] }[] = [];
  for (const route of configuration.routes)
    for (const cure of dialect.folkCures(configuration, route)) {
      if (guilty.some(({ file, line }) => file === cure.place.file && line === cure.place.line)) continue;
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
    const isIdle =
      now && played.every(({ check, result }) => now.some((one) => one.check.id === check.id && wordsOf(one.result) === wordsOf(result)));
    return isIdle ? [findingOf(cure, route, played[0]?.check.id ?? "")] : [];
  });
};

/** Members and culprits; times differ from one run to the next. */
const wordsOf = ({ report }: Result): string =>
  [
    report.outcome,
    ...report.facets.map(({ arm, facet, finding, culprit }) => `${arm} ${facet} ${finding.member} ${culprit ?? ""}`).toSorted(),
  ].join("; ");

const findingOf = (cure: FolkCure, route: Route, check: string): Finding => {
  const at = { file: cure.place.file, line: cure.place.line, column: cure.place.column };
  return {
    id: `folk-cure:${route.id}:${cure.id}`,
    rule: "folk-cure",
    level: "note",
    route: route.id,
    check,
    says: `${cure.directive} does nothing here: ${cure.belief}`,
    at,
    guilty: { at, directive: cure.directive, absent: false, with: null, link: cure.link },
    unproven: null,
    evidence: "every trial gave the same verdict without it",
    conditions: [],
    cure: null,
  };
};
