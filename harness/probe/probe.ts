// Asks for a URL in each variation at the same time, and judges what arrives.
import { setTimeout as delay } from "node:timers/promises";
import { askedAgain, askedAndLeft } from "./ask-again.ts";
import type { Bounds } from "./exchange.ts";
import { ProbeFailure } from "./failure.ts";
import { sharedResponses } from "./judge/conclude.ts";
import { judgeResponse } from "./judge/judge.ts";
import type { Judged } from "./judge/judge.ts";
import type { Variation } from "./judge/observation.ts";
import { followed } from "./redirects.ts";
import type { Followed } from "./redirects.ts";
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
  const { answers, failures } = await asked(request, variations, options);
  // That there is no HTTP/3 explains nothing.
  const first = failures.find(({ variation }) => variation.http !== "3") ?? failures[0];
  if (first && answers.length === 0) {
    const isOnlyHttp2 = failures.every(({ variation, reason }) => variation.http === "3" || reason.code === "no-http2");
    if (!isOnlyHttp2 || first.variation.http === "3" || options.isHttp2Wanted) throw first.reason;
    const older = variations.map((one): Variation => (one.http === "2" ? { ...one, http: "1.1" } : one));
    return probe(request, older, options);
  }
  const end = answers.find(({ url }) => url.href !== request.url.href);
  return {
    responses: await withMore(
      request,
      answers.map(({ observed }) => judgeResponse(observed)),
      options,
    ),
    notChecked: notCheckedOf(failures),
    finalUrl: end?.url ?? null,
  };
};

interface Failed {
  variation: Variation;
  reason: ProbeFailure;
}

const asked = async (
  request: ProbeRequest,
  variations: readonly Variation[],
  { onProgress, ...bounds }: ProbeOptions,
): Promise<{ answers: Followed[]; failures: Failed[] }> => {
  const failures: Failed[] = [];
  const answers = await Promise.all(
    variations.map(async (variation, index) => {
      await delay(index * apartMs, undefined, { signal: bounds.signal }).catch(() => {});
      const onRead = (pieces: number): void => onProgress?.(variation, pieces);
      return followed(request, variation, { ...bounds, onRead }).catch((reason: unknown) => {
        if (!(reason instanceof ProbeFailure)) throw reason;
        failures.push({ variation, reason });
        return null;
      });
    }),
  );
  return { answers: answers.filter((answer) => answer !== null), failures };
};

/** An unknown application is not asked more than once in each way. */
const withMore = async (request: ProbeRequest, judged: Judged[], { mayAskAgain, ...bounds }: ProbeOptions): Promise<Judged[]> => {
  const [first, ...others] = judged;
  const isMore = mayAskAgain && first?.known && request.method === "GET" && !bounds.signal.aborted;
  if (!first || !isMore) return sharedResponses(judged, nameOf);
  const again = await askedAgain(request, first, bounds);
  const leaving = await askedAndLeft(request, first, bounds);
  const whole = { ...first, findings: [...first.findings, ...(leaving ? [leaving] : [])] };
  return sharedResponses([whole, ...others, ...(again ? [again] : [])], nameOf).filter(
    ({ observed, findings }) => !observed.variation.isAgain || findings.some(({ kind }) => kind === "same-response"),
  );
};

/** With and without Accept-Encoding it is the same. */
const notCheckedOf = (failures: readonly Failed[]): Probed["notChecked"] => {
  const all = failures.map(({ variation, reason }) => ({ what: `HTTP/${variation.http}`, why: reason.message }));
  return all.filter(({ what, why }, index) => all.findIndex((other) => other.what === what && other.why === why) === index);
};
