// The timeouts of a route: those that were found, and those that did not fire while a trial waited. Pure.
import type { CaseRole } from "../model/case-identity.ts";
import type { CaseTrace } from "../model/trace.ts";
import type { Limit } from "../model/verdict.ts";
import type { CheckRoute } from "../report/check-report.ts";
import type { ObservedCheck } from "./observed.ts";
import { waitOf } from "./checks.ts";

type Measured = CheckRoute["limits"][number];

/** Two trials may find the same one. */
const isSame = (one: Measured, other: Measured): boolean =>
  one.kind === other.kind &&
  one.hop === other.hop &&
  Math.abs(one.ms - other.ms) <= Math.max(0.1 * Math.max(one.ms, other.ms), one.uncertaintyMs + other.uncertaintyMs);

const isOfChain = ({ trace }: ObservedCheck["result"]): boolean => (trace?.links.length ?? 0) > 2;

export const limitsOf = (observed: readonly ObservedCheck[]): Required<Pick<CheckRoute, "limits" | "noLimits">> => {
  const limits: Measured[] = [];
  for (const { result } of observed)
    for (const { kind, ms, uncertaintyMs, seenAs, culprit } of result.report.limits) {
      const timeScale = result.trace?.timeScale ?? 1;
      const limit = { kind, ms, uncertaintyMs, seenAs, timeScale, ...(isOfChain(result) ? { hop: culprit } : {}) };
      const known = limits.findIndex((one) => isSame(one, limit));
      if (known === -1) limits.push(limit);
      else if (uncertaintyMs < (limits[known]?.uncertaintyMs ?? 0)) limits[known] = limit;
    }
  const noLimits = observed.flatMap(noneIn).filter(({ kind }) => !limits.some((one) => one.kind === kind));
  return { limits, noLimits };
};

/** Which kind of timeout a case would have shown. */
const lookedFor: Partial<Record<CaseRole, Exclude<Limit, "write-timeout">>> = {
  "first-byte-wait": "first-byte-timeout",
  silence: "idle-timeout",
  flow: "total-timeout",
};

const noneIn = ({ check, result }: ObservedCheck): Required<CheckRoute>["noLimits"] => {
  const { trace, report } = result;
  if (trace === null || waitOf(check) === null) return [];
  return trace.cases.flatMap((trialCase) => {
    const kind = trialCase.case.attempt === 1 ? lookedFor[trialCase.case.role] : undefined;
    const isWhole = report.facets.some(
      ({ facet, case: of, observation }) => facet === "ending" && of === trialCase.case.id && observation.member === "complete",
    );
    return kind && isWhole ? [{ kind, atLeastMs: Math.floor(openMs(trialCase)) * trace.timeScale, timeScale: trace.timeScale }] : [];
  });
};

/** How long the stream stayed open: from the request's arrival at the application to its last write. */
const openMs = ({ case: trialCase, origin: [origin] }: CaseTrace): number => {
  const paused = trialCase.script.steps.reduce((sum, step) => sum + (step.do === "pause" ? step.ms : 0), 0);
  const times = origin?.writes.map(({ at }) => at) ?? [];
  return paused > 0 ? paused : (times.at(-1) ?? 0) - (times[0] ?? 0);
};
