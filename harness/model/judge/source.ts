// Source: for which request the body was made, by its nonce (verdicts.md, "source"; the evidence uses the words of RFC 9211).
import type { OriginRecording } from "../recording.ts";
import type { CaseTrace, Exchange, Trace } from "../trace.ts";
import type { Source, Verdict } from "../verdict.ts";
import { present } from "./case-view.ts";
import type { CaseView } from "./case-view.ts";
import { atClient, exchangesOf, hopsOf } from "./view.ts";
import type { HopView } from "./view.ts";

interface SourceObservation {
  observation: Source;
  culprit: string | null;
  evidence: string;
}

/** Adds whose body each client received. Every client with another request's body has a facet; if there is none, one facet stands for all. */
export const addSources = ({ trace, case: trialCase }: CaseView, verdict: Verdict): void => {
  const { id } = trialCase.case;
  if (trace.timeScale !== 1) {
    verdict.inconclusive.push({
      facet: "source",
      case: id,
      why: `cached responses age ${trace.timeScale}× faster, as the clocks of the servers do`,
    });
    return;
  }
  const found = present(trialCase.case.clients.map((_, client) => judgeClient(trace, trialCase, client)));
  const others = found.filter(({ observation }) => observation.member !== "origin");
  // The bodies of an application carry no nonce.
  const known = trace.origin === "application" ? others.filter(({ observation }) => observation.member === "retried") : others;
  for (const source of known.length > 0 || trace.origin === "application" ? known : found.slice(0, 1))
    verdict.facets.push({ facet: "source", case: id, ...source, hops: [] });
};

const judgeClient = (trace: Trace, trialCase: CaseTrace, client: number): SourceObservation | null => {
  const received = atClient(trace, trialCase, client);
  if (!received?.response) return null;
  const hops = hopsOf(trace, trialCase, client);
  const asked = exchangesOf(trialCase, 0, client);

  const repeating = repeatedBy(hops);
  if (repeating)
    return {
      observation: { member: "retried", times: repeating.times },
      culprit: repeating.hop,
      evidence: `${repeating.hop} sent ${repeating.times} requests to its upstream for one request`,
    };
  if (received.nonce === null) return null;

  const owner = trialCase.origin.find((exchange) => exchange.nonce === received.nonce);
  if (!owner) return fromElsewhere(received.nonce, hops);
  const ownerClient = owner.request?.client ?? Number.NaN;
  // A request that lost its mark.
  const isAlone = trialCase.case.clients.length === 1 || asked.some(({ nonce }) => nonce === owner.nonce);
  const own = owner.request === null ? isAlone : ownerClient === client;
  if (own && owner.startedAt >= (trialCase.clients[client]?.startedAt ?? 0))
    return { observation: { member: "origin" }, culprit: null, evidence: `the origin made this body for this request (${owner.nonce})` };

  return ofAnother(trialCase, received, owner, hops, asked.length > 0);
};

/** The hop that sent more requests than it got, the one nearest the client, and how many; null if none did. */
export const repeatedBy = (hops: readonly HopView[]): { hop: string; times: number } | null => {
  const requestsOf = ({ inputs }: HopView): number => inputs.filter((input) => !wasRefusedByReuse(input)).length;
  const repeating = hops.findLast((hop) => requestsOf(hop) > Math.max(1, hop.outputs.length));
  return repeating ? { hop: repeating.hop, times: requestsOf(repeating) } : null;
};

/** A body that the origin made for another request of the same trial. */
const ofAnother = (
  trialCase: CaseTrace,
  received: Exchange,
  owner: OriginRecording,
  hops: readonly HopView[],
  wasAsked: boolean,
): SourceObservation => {
  // The hop nearest the client that did not pass the request on, or whose input has another body.
  const stopped = hops.findLast((hop) => hop.outputs.length > 0 && (hop.inputs.length === 0 || hop.input?.nonce !== received.nonce));
  const culprit = stopped?.hop ?? "origin";
  const ageMs = received.request.at - owner.startedAt;
  const conditional = stopped?.input?.response?.status === 304;
  // When the request came to that hop: on a busy machine it may leave the client long before.
  const askedAt = stopped?.output?.request.at ?? received.request.at;
  const wholeAt = wholeAtHop(trialCase, stopped?.output ?? null, owner.nonce) ?? owner.endedAt;
  const ended = wholeAt !== null && wholeAt <= askedAt;
  const maxAge = freshnessSeconds(received.response?.headers ?? []);
  const from = `the body is that of request ${owner.request?.client ?? Number.NaN} (${owner.nonce}), which the origin began ${Math.round(ageMs)} ms earlier`;
  if (conditional)
    return {
      observation: { member: "revalidated", nonce: owner.nonce },
      culprit,
      evidence: `${culprit} sent a conditional request and received 304; ${from}`,
    };
  if (!ended)
    return {
      observation: { member: "collapsed", nonce: owner.nonce },
      culprit,
      evidence: `${culprit} joined a request in flight (RFC 9211 collapsed); ${from}`,
    };
  if (maxAge !== null && ageMs > maxAge * 1000)
    return {
      observation: { member: "stale", nonce: owner.nonce, ageMs },
      culprit,
      evidence: `${culprit} answered from its cache after max-age=${maxAge}; ${from}`,
    };
  const unasked = wasAsked ? "and did not use the origin's response" : "without a request to the origin";
  return {
    observation: { member: "cached", nonce: owner.nonce, ageMs },
    culprit,
    evidence: `${culprit} answered from its cache (RFC 9211 hit), ${unasked}; ${from}`,
  };
};

/** When the response that it shared was complete at that hop: until then it is in flight there, whatever the origin has written. */
const wholeAtHop = ({ exchanges }: CaseTrace, output: Exchange | null, nonce: string): number | null => {
  const first = exchanges.find((one) => output !== null && one.link === output.link - 1 && one.nonce === nonce);
  return first && first.end.kind !== "open" ? first.end.at : null;
};

/** A request on a reused connection that the upstream closes at that moment may be sent again: this is no retry (RFC 9110 §9.2.2, RFC 9112 §9.3.1). */
const wasRefusedByReuse = ({ isReused, response, interim, closings }: Exchange): boolean =>
  isReused === true && response === null && interim.length === 0 && closings[0]?.by === "upstream";

/** The cache treats requests of two trials as the same, e.g. because its key leaves out the query. */
const fromElsewhere = (nonce: string, hops: readonly HopView[]): SourceObservation => {
  const culprit = hops.findLast((hop) => hop.outputs.length > 0 && hop.input?.nonce !== nonce)?.hop ?? "origin";
  return {
    observation: { member: "cached", nonce, ageMs: null },
    culprit,
    evidence: `${culprit} answered from its cache (RFC 9211 hit); the origin made the body for a request of another trial (${nonce})`,
  };
};

const freshnessSeconds = (headers: readonly [string, string][]): number | null => {
  const field = headers.find(([name]) => name.toLowerCase() === "cache-control")?.[1] ?? "";
  const match = /(?:^|,)\s*max-age\s*=\s*"?(\d+)/i.exec(field);
  return match ? Number(match[1]) : null;
};
