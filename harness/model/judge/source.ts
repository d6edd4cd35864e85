// Source: whose body is it, by its nonce (verdicts.md, "source"; the words of RFC 9211 are in the evidence).
import type { ArmTrace, Trace } from "../trace.ts";
import type { Source } from "../verdict.ts";
import { atClient, exchangesOf, hopsOf } from "./view.ts";
import type { HopView } from "./view.ts";

export interface SourceFinding {
  finding: Source;
  culprit: string | null;
  evidence: string;
}

export const judgeSource = (trace: Trace, arm: ArmTrace, client: number): SourceFinding | null => {
  const received = atClient(trace, arm, client);
  if (!received?.response) return null;
  const hops = hopsOf(trace, arm, client);
  const asked = exchangesOf(arm, 0, client);

  const repeating = hops.findLast((hop) => hop.inputs.length > Math.max(1, hop.outputs.length));
  if (repeating)
    return {
      finding: { member: "asked", times: repeating.inputs.length },
      culprit: repeating.hop,
      evidence: `${repeating.hop} asked its upstream ${repeating.inputs.length} times for one request`,
    };
  if (received.nonce === null) return null;

  const owner = arm.origin.find((exchange) => exchange.nonce === received.nonce);
  if (!owner) return fromElsewhere(received.nonce, hops);
  const ownerClient = Number(owner.request?.split(".").at(-1) ?? Number.NaN);
  const own = owner.request === null ? arm.arm.clients.length === 1 : ownerClient === client;
  if (own && owner.startedAt >= (arm.clients[client]?.startedAt ?? 0))
    return { finding: { member: "origin" }, culprit: null, evidence: `the origin made this body for this request (${owner.nonce})` };

  // Nearest the client among the hops at which the request, or the body's own way, ends.
  const stopped = hops.findLast((hop) => hop.outputs.length > 0 && (hop.inputs.length === 0 || hop.input?.nonce !== received.nonce));
  const culprit = stopped?.hop ?? "origin";
  const ageMs = received.request.at - owner.startedAt;
  const conditional = stopped?.input?.response?.status === 304;
  const ended = owner.endedAt !== null && owner.endedAt <= received.request.at;
  const maxAge = freshnessSeconds(received.response.headers);
  const from = `its body is that of request ${ownerClient} (${owner.nonce}), which the origin began ${Math.round(ageMs)} ms earlier`;
  if (conditional)
    return {
      finding: { member: "revalidated", nonce: owner.nonce },
      culprit,
      evidence: `${culprit} asked conditionally and got 304; ${from}`,
    };
  if (!ended)
    return {
      finding: { member: "collapsed", nonce: owner.nonce },
      culprit,
      evidence: `${culprit} joined a request in flight (RFC 9211 collapsed); ${from}`,
    };
  if (maxAge !== null && ageMs > maxAge * 1000)
    return {
      finding: { member: "stale", nonce: owner.nonce, ageMs },
      culprit,
      evidence: `${culprit} answered past max-age=${maxAge}; ${from}`,
    };
  const unasked = asked.length === 0 ? "the origin was not asked" : "the origin was asked, and its answer not used";
  return {
    finding: { member: "cached", nonce: owner.nonce, ageMs },
    culprit,
    evidence: `${culprit} answered from its store (RFC 9211 hit), ${unasked}; ${from}`,
  };
};

/** A store that takes requests of two trials for the same: by path without the query, say. */
const fromElsewhere = (nonce: string, hops: readonly HopView[]): SourceFinding => {
  const culprit = hops.findLast((hop) => hop.outputs.length > 0 && hop.input?.nonce !== nonce)?.hop ?? "origin";
  return {
    finding: { member: "cached", nonce, ageMs: null },
    culprit,
    evidence: `${culprit} answered from its store (RFC 9211 hit); its body is one that the origin made for a request of another trial (${nonce})`,
  };
};

const freshnessSeconds = (headers: readonly [string, string][]): number | null => {
  const field = headers.find(([name]) => name.toLowerCase() === "cache-control")?.[1] ?? "";
  const match = /(?:^|,)\s*max-age\s*=\s*"?(\d+)/i.exec(field);
  return match ? Number(match[1]) : null;
};
