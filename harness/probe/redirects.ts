// Redirects are followed on the same host only: header fields of one's own must not reach another.
import { headerValue } from "../decode/http1.ts";
import { exchange } from "./exchange.ts";
import type { Bounds } from "./exchange.ts";
import { ProbeFailure } from "./failure.ts";
import type { Head, Observed, Variation } from "./judge/observation.ts";
import type { ProbeRequest } from "./request.ts";
import { shownUrl } from "./shown-url.ts";

const mostRedirects = 5;
/** RFC 9110 §15.4: after these, a POST may become a GET. */
const mayChangeMethod = new Set([301, 302, 303]);
const statuses = new Set([...mayChangeMethod, 307, 308]);

const locationIn = ({ status, headers }: Head): string | null => (statuses.has(status) ? headerValue(headers, "location") : null);

export interface Followed {
  observed: Observed;
  /** Where it led in the end. */
  url: URL;
}

export const followed = async (request: ProbeRequest, variation: Variation, bounds: Bounds, left = mostRedirects): Promise<Followed> => {
  const observed = await exchange(request, variation, { ...bounds, isEnough: (head) => locationIn(head) !== null });
  const location = observed.head === null ? null : locationIn(observed.head);
  if (observed.head === null || location === null) return { observed, url: request.url };
  const url = targetOf(request, observed.head.status, location);
  if (left === 0) throw redirected(request.url, `leads on after ${mostRedirects} redirects: give the URL where it ends`);
  return followed({ ...request, url }, variation, bounds, left - 1);
};

const redirected = (from: URL, sentence: string): ProbeFailure => new ProbeFailure("redirect", `${shownUrl(from)} ${sentence}`);

const targetOf = ({ url, method }: ProbeRequest, status: number, location: string): URL => {
  const target = URL.parse(location, url.href);
  if (target === null || !/^https?:$/.test(target.protocol))
    throw redirected(url, `redirects (${status}) to what is no URL of http or https`);
  const isDowngrade = url.protocol === "https:" && target.protocol === "http:";
  if (target.hostname !== url.hostname || isDowngrade)
    throw redirected(
      url,
      `redirects (${status}) to ${isDowngrade ? `${target.origin}, without TLS` : `another host, ${target.host}`}, which is not followed: probe ${shownUrl(target)} itself if you mean it`,
    );
  if (mayChangeMethod.has(status) && method !== "GET" && method !== "HEAD")
    throw redirected(url, `redirects a ${method} (${status}), after which clients differ: probe ${shownUrl(target)} itself`);
  return target;
};
