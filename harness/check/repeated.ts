// A request that is not idempotent and that a server sends again because the application takes long: "a proxy MUST NOT automatically retry
// non-idempotent requests" (RFC 9110 §9.2.2). The trial for it waits on a faster clock, by which no other source of a body is judged. Pure.
import { hopsOf } from "../model/judge/view.ts";
import { repeatedBy } from "../model/judge/source.ts";
import type { Result } from "../session/attempt.ts";
import { methodOf } from "./checks.ts";
import type { Route } from "./configuration.ts";
import { shownBy } from "./findings.ts";
import type { ObservedCheck } from "./observed.ts";
import type { Fault } from "./search.ts";

/** RFC 9110 §9.2.2. */
const idempotent: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);

const repeatedIn = ({ trace }: Result, hops: readonly string[]): { hop: string; times: number } | null => {
  if (trace === null) return null;
  for (const trialCase of trace.cases) {
    const repeated = repeatedBy(hopsOf(trace, trialCase, 0));
    if (repeated && hops.includes(repeated.hop)) return repeated;
  }
  return null;
};

export const repeatedFaults = (route: Route, observed: readonly ObservedCheck[], hops: readonly string[]): Fault[] =>
  observed.flatMap(({ check, result }): Fault[] => {
    const method = methodOf([check]);
    if (check.trial.kind !== "first-byte-wait" || idempotent.has(method)) return [];
    const repeated = repeatedIn(result, hops);
    if (!repeated) return [];
    return [
      {
        route,
        check,
        rule: "retried",
        facet: null,
        symptom: {
          facet: "source",
          member: "retried",
          acceptEncoding: null,
          cacheControl: null,
          contentType: "",
          ...shownBy(repeated.hop, hops),
        },
        wrong: { rule: "retried" },
        report: result.report,
        evidence: `${repeated.hop} sent the same ${method} request to its upstream ${repeated.times} times, since no response came in time`,
        isGone: (other) => other.trace !== null && other.report.facets.length > 0 && repeatedIn(other, hops) === null,
      },
    ];
  });
