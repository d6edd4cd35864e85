// What a known origin is asked in addition: for the same again, which a cache would answer, and for a stream that the probe leaves.
import type { Bounds } from "./exchange.ts";
import { ProbeFailure } from "./failure.ts";
import type { Finding } from "./judge/findings.ts";
import { judgeResponse } from "./judge/judge.ts";
import type { Judged } from "./judge/judge.ts";
import { leavingOf } from "./leaving.ts";
import { followed } from "./redirects.ts";
import type { ProbeRequest } from "./request.ts";

/** After a response's first event. */
const patienceMs = 1000;

/** Null: it is not known any more. */
export const askedAgain = async (request: ProbeRequest, first: Judged, bounds: Bounds): Promise<Judged | null> => {
  // Only a complete response can be in a cache.
  if (first.observed.end.how !== "complete") return null;
  const forMs = Math.min(bounds.forMs, (first.records.arrivals[0]?.atMs ?? 0) + patienceMs);
  const answer = await unlessFailed(followed(request, { ...first.observed.variation, isAgain: true }, { ...bounds, forMs }), bounds);
  const again = answer === null ? null : judgeResponse(answer.observed);
  return again?.known ? again : null;
};

/** Null: the origin could not be asked. */
export const askedAndLeft = (request: ProbeRequest, first: Judged, bounds: Bounds): Promise<Finding | null> =>
  unlessFailed(leavingOf(request, first.observed.variation, bounds), bounds);

const unlessFailed = <T>(asked: Promise<T>, { signal }: Bounds): Promise<T | null> =>
  asked.catch((error: unknown) => {
    if (error instanceof ProbeFailure || signal.aborted) return null;
    throw error;
  });
