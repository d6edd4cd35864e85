// Lines that are believed to help streams: where removing one changes nothing, it has no effect here.
import { facetsAskedFor } from "../model/outcome.ts";
import type { Finding } from "../report/check-report.ts";
import type { ObservedCheck } from "./observed.ts";
import type { Check } from "./checks.ts";
import type { NoEffectCandidate, Route } from "./configuration.ts";
import { scenarioOf } from "./scenario.ts";
import type { CheckedConfig } from "./server.ts";
import { ranIn } from "./tried.ts";
import type { Trying } from "./tried.ts";

export const noEffectFindings = async (
  config: CheckedConfig,
  observedOn: ReadonlyMap<string, readonly ObservedCheck[]>,
  trying: Trying,
  isWanted: (line: NoEffectCandidate) => boolean = () => true,
): Promise<Finding[]> => {
  const lines: { fix: NoEffectCandidate; route: Route; observed: readonly ObservedCheck[] }[] = [];
  for (const route of config.routes)
    for (const fix of config.noEffectCandidates(route).filter(isWanted)) {
      // A line that several routes share is reported once.
      if (
        lines.some(
          ({ fix: { place, directive } }) => place.file === fix.place.file && place.line === fix.place.line && directive === fix.directive,
        )
      )
        continue;
      const observed = (observedOn.get(route.id) ?? []).filter(({ check }) => couldShow(fix, check));
      if (observed.length > 0) lines.push({ fix, route, observed });
    }
  const without =
    lines.length === 0
      ? []
      : await trying(
          lines.map(({ fix: { edits, directive, place }, route, observed }) => ({
            edits,
            faults: observed.map(({ check }) => ({ route, check })),
            about: [
              {
                experiment: "no-effect",
                route: route.id,
                what: directive,
                at: { file: place.file, line: place.line, column: place.column },
              },
            ],
          })),
        );
  return lines.flatMap(({ fix, route, observed }, index) => {
    const now = ranIn(without[index]);
    const isIdle =
      now && observed.every((before) => now.some((after) => after.check.id === before.check.id && isSame(route, before, after)));
    return isIdle ? [findingOf(fix, route, observed[0]?.check.id ?? "")] : [];
  });
};

/** What takes seconds of waiting is only repeated for lines that are about time. */
const couldShow = ({ isOfTime }: NoEffectCandidate, { timeScale, feature }: Check): boolean =>
  isOfTime === true || (timeScale === undefined && feature !== "reload");

/** Whether a trial had the same result, as far as both attempts show: in members and culprits, since times differ from one attempt to the
 *  next, and so does what releases a tail. */
const isSame = (route: Route, before: ObservedCheck, after: ObservedCheck): boolean => {
  if (before.result.report.outcome === "pass" && after.result.report.outcome === "pass") return true;
  const then = wordsOf(route, before);
  const now = wordsOf(route, after);
  const both = [...then.keys()].filter((key) => now.has(key));
  return both.length > 0 && both.every((key) => then.get(key) === now.get(key));
};

/** By case and facet, of what is asked for. */
const wordsOf = (route: Route, { check, result: { report } }: ObservedCheck): Map<string, string> => {
  const asked = facetsAskedFor(scenarioOf(route, check));
  const facets = report.facets.filter(({ facet }) => asked.has(facet));
  return new Map(
    facets.map(({ case: trialCase, facet, observation, culprit }) => [
      `${trialCase} ${facet}`,
      `${wordOf(observation.member)} ${culprit ?? ""}`,
    ]),
  );
};

const wordOf = (member: string): string => (member === "lagging" || member === "batched" || member === "delayed" ? "held back" : member);

const findingOf = (fix: NoEffectCandidate, route: Route, check: string): Finding => {
  const at = { file: fix.place.file, line: fix.place.line, column: fix.place.column };
  return {
    id: `no-effect:${route.id}:${fix.id}`,
    rule: "no-effect",
    level: "note",
    route: route.id,
    check,
    says: `${fix.directive} is believed to ${fix.belief}, and has no effect here${fix.because === undefined ? "" : `: ${fix.because}`}${fix.elsewhere === undefined ? "" : `; ${fix.elsewhere}`}`,
    at,
    culprit: { at, directive: fix.directive, absent: false, with: null, link: fix.link },
    unproven: null,
    evidence: fix.isOfTime
      ? "without it every trial had the same result"
      : "without it every trial that ran again had the same result; timeouts and reloads were not repeated",
    conditions: [],
    fix: null,
  };
};
