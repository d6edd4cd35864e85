// Lines that are said to help streams: without one nothing changes, so that it does nothing here.
import type { Result } from "../measure.ts";
import type { Finding } from "../report/check-report.ts";
import type { CheckOptions, PlayedCheck } from "./check.ts";
import type { FolkCure, Route } from "./configuration.ts";
import { applyEdits } from "./edits.ts";
import type { Ground } from "./ground.ts";

export const folkFindings = async (
  { build: { dialect }, configuration }: CheckOptions,
  ground: Ground,
  results: ReadonlyMap<string, PlayedCheck[]>,
): Promise<Finding[]> => {
  const findings: Finding[] = [];
  for (const route of configuration.routes)
    for (const cure of dialect.folkCures(configuration, route)) {
      // A line that several routes share is told once.
      if (
        findings.some(
          ({ at, guilty }) => at.file === cure.place.file && at.line === cure.place.line && guilty?.directive === cure.directive,
        )
      )
        continue;
      const played = results.get(route.id) ?? [];
      const standing = await ground.start({ ...configuration, files: applyEdits(configuration.files, cure.edits) }).catch(() => null);
      if (!standing) continue;
      const without = await ground.play(played.map(({ check }) => ({ standing, route, check })));
      await ground.stop(standing);
      if (played.every(({ result }, index) => isSame(result, without[index])))
        findings.push(findingOf(cure, route, played[0]?.check.id ?? ""));
    }
  return findings;
};

/** Same members and culprits; times differ from one run to the next. */
const isSame = (a: Result, b: Result | undefined): boolean => wordsOf(a) === (b ? wordsOf(b) : "");

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
