// Asks for a URL in each variation at the same time, and judges what arrives.
import { setTimeout as delay } from "node:timers/promises";
import type { Bounds } from "./exchange.ts";
import { ProbeFailure } from "./failure.ts";
import { sharedResponses } from "./judge/conclude.ts";
import { judgeResponse } from "./judge/judge.ts";
import type { Judged } from "./judge/judge.ts";
import type { Variation } from "./judge/observation.ts";
import { leavingOf } from "./leaving.ts";
import { followed } from "./redirects.ts";
import type { ProbeRequest } from "./request.ts";
import { nameOf } from "./variation-name.ts";

export interface Probed {
  responses: Judged[];
  notChecked: { what: string; why: string }[];
  /** Where redirects led; null: nowhere else. */
  finalUrl: URL | null;
}

export interface ProbeOptions extends Omit<Bounds, "onRead" | "isEnough"> {
  /** HTTP/2 was asked for explicitly. */
  isHttp2Wanted: boolean;
  /** A known origin may be asked once more, for caches. */
  mayAskAgain: boolean;
  onProgress?: (variation: Variation, pieces: number) => void;
}

/** A cache that answers for running requests needs to have seen the first one. */
const apartMs = 150;

/** Throws ProbeFailure if no variation got a connection. */
export const probe = async (request: ProbeRequest, variations: readonly Variation[], options: ProbeOptions): Promise<Probed> => {
  const { onProgress, isHttp2Wanted, mayAskAgain, ...bounds } = options;
  const asked = variations.map(async (variation, index) => {
    await delay(index * apartMs, undefined, { signal: bounds.signal }).catch(() => {});
    const onRead = (pieces: number): void => onProgress?.(variation, pieces);
    return followed(request, variation, { ...bounds, onRead });
  });
  const settled = await Promise.allSettled(asked);
  const answers = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const failures = settled.flatMap((one, index) =>
    one.status === "rejected" ? [{ variation: variations[index], reason: one.reason as unknown }] : [],
  );
  const unknown = failures.find(({ reason }) => !(reason instanceof ProbeFailure));
  const [first] = failures;
  if (!unknown && answers.length === 0 && !isHttp2Wanted && failures.every(({ reason }) => isNoHttp2(reason)))
    return probe(
      request,
      variations.map((one): Variation => ({ ...one, http: "1.1" })),
      options,
    );
  if (unknown ?? (first && (answers.length === 0 || (isHttp2Wanted && isNoHttp2(first.reason))))) throw (unknown ?? first)?.reason;
  const judged = answers.map(({ observed }) => judgeResponse(observed));
  const again = mayAskAgain ? await repeated(request, judged, bounds) : [];
  if (mayAskAgain) await addLeaving(request, judged, bounds);
  const whole = sharedResponses([...judged, ...again], nameOf);
  const end = answers.find(({ url }) => url.href !== request.url.href);
  return {
    responses: whole.filter(
      ({ observed, findings }) => !observed.variation.isAgain || findings.some(({ kind }) => kind === "same-response"),
    ),
    notChecked: notCheckedOf(failures),
    finalUrl: end?.url ?? null,
  };
};

interface Failed {
  variation: Variation | undefined;
  reason: unknown;
}

/** With and without Accept-Encoding it is the same. */
const notCheckedOf = (failures: readonly Failed[]): Probed["notChecked"] => {
  const all = failures.map(({ variation, reason }) => ({ what: `HTTP/${variation?.http}`, why: (reason as ProbeFailure).message }));
  return all.filter(({ what, why }, index) => all.findIndex((other) => other.what === what && other.why === why) === index);
};

const isNoHttp2 = (reason: unknown): boolean => reason instanceof ProbeFailure && reason.code === "no-http2";

/** With a known origin. */
const addLeaving = async (request: ProbeRequest, [first]: readonly Judged[], bounds: Bounds): Promise<void> => {
  if (!first?.known || request.method !== "GET" || bounds.signal.aborted) return;
  const found = await leavingOf(request, first.observed.variation, bounds).catch((error: unknown) => {
    if (error instanceof ProbeFailure || bounds.signal.aborted) return null;
    throw error;
  });
  if (found) first.findings.push(found);
};

/** After a response's first event. */
const patienceMs = 1000;

/** With a known origin: whether a later request gets the same events, from a cache. An unknown application is not asked again. */
const repeated = async (request: ProbeRequest, judged: readonly Judged[], bounds: Bounds): Promise<Judged[]> => {
  const [first] = judged;
  if (!first?.known || first.observed.end.how !== "complete" || request.method !== "GET" || bounds.signal.aborted) return [];
  const forMs = Math.min(bounds.forMs, (first.records.arrivals[0]?.atMs ?? 0) + patienceMs);
  const answer = await followed(request, { ...first.observed.variation, isAgain: true }, { ...bounds, forMs }).catch((error: unknown) => {
    if (error instanceof ProbeFailure) return null;
    throw error;
  });
  const again = answer === null ? null : judgeResponse(answer.observed);
  return again?.known ? [again] : [];
};
