// A timeout of the server that it turns into a success: the application did not send that answer. Pure.
import type { Result } from "../session/attempt.ts";
import type { FacetOf } from "../model/verdict.ts";
import type { ObservedCheck } from "./observed.ts";
import type { Route } from "./configuration.ts";
import { shownBy } from "./findings.ts";
import type { Fault } from "./search.ts";

interface Masked {
  facet: FacetOf<"ending">;
  status: number;
  hop: string;
}

/** The application had not answered, and the client got a status that says success, with another body or none. */
const maskedIn = ({ report, trace }: Result, hops: readonly string[]): Masked | null => {
  for (const facet of report.facets) {
    if (facet.facet !== "ending" || facet.culprit === null || !hops.includes(facet.culprit)) continue;
    const { observation } = facet;
    if (!("cause" in observation) || observation.cause !== "first-byte-timeout") continue;
    const exchanges = trace?.cases.find((one) => one.case.id === facet.case)?.exchanges ?? [];
    const last = Math.max(...exchanges.map(({ link }) => link));
    const status = exchanges.findLast(({ link }) => link === last)?.response?.status ?? 0;
    if (status >= 200 && status < 400) return { facet, status, hop: facet.culprit };
  }
  return null;
};

export const maskedFaults = (route: Route, observed: readonly ObservedCheck[], hops: readonly string[]): Fault[] =>
  observed.flatMap(({ check, result }): Fault[] => {
    const masked = maskedIn(result, hops);
    if (!masked) return [];
    const { ms: limitMs = null, uncertaintyMs = 0 } = result.report.limits.find(({ kind }) => kind === "first-byte-timeout") ?? {};
    const after = limitMs === null ? "" : ` after ${(limitMs / 1000).toFixed(1)} s`;
    return [
      {
        route,
        check,
        rule: "error-response",
        facet: null,
        symptom: {
          facet: "ending",
          member: "error-response",
          cause: "first-byte-timeout",
          limitMs,
          uncertaintyMs,
          acceptEncoding: null,
          cacheControl: null,
          contentType: "",
          ...shownBy(masked.hop, hops),
        },
        wrong: { rule: "error-response" },
        report: result.report,
        evidence: `${masked.hop} gave up on the application${after}, and answered with status ${masked.status}, which the application did not send`,
        isGone: (other) => other.trace !== null && other.report.facets.length > 0 && maskedIn(other, hops) === null,
      },
    ];
  });
