// A request that reached the tap in front of the scripted origin, and not the origin, which is in the same process: the machine stood still,
// or it came too late to be answered. Whatever else is missing then follows from it. Pure.
import { contentBytesOf } from "../script.ts";
import type { CaseTrace, Exchange, Trace } from "../trace.ts";
import type { FacetName, Verdict } from "../verdict.ts";
import { ms } from "./view.ts";

/** Whichever of them the case tests: nothing was seen. Memory is judged of several cases together. */
const facets: Readonly<Record<Exclude<FacetName, "memory">, true>> = {
  delivery: true,
  headers: true,
  ending: true,
  source: true,
  integrity: true,
  disconnect: true,
};

/** A request that comes just before the end says nothing about the lab. */
const leastMs = 250;

const isFraming = ([name]: readonly [name: string, value: string]): boolean => /^(?:content-length|transfer-encoding)$/i.test(name);

/** When the whole request was at the tap, for the origin answers no sooner; null: never, as where a hop refuses what a client uploads. */
const completeAt = ({ case: { clients } }: CaseTrace, { client, request: { at, headers, progress } }: Exchange): number | null => {
  // A hop may pass on no content.
  if (!headers.some(isFraming)) return at;
  const bytes = contentBytesOf(clients[client ?? 0] ?? {});
  return bytes === 0 ? at : (progress?.find(([, sofar]) => sofar >= bytes)?.[0] ?? null);
};

/** A hop that ends its request immediately, while the client waits, does so by itself; one whose clock runs faster may have waited. */
const isWithdrawn = ({ timeScale }: Trace, { clients }: CaseTrace, { client, closings }: Exchange, sentAt: number): boolean => {
  const endedAt = clients[client ?? 0]?.ended?.at ?? Infinity;
  return closings.some(({ at, by }) => by === "downstream" && at < endedAt && at - sentAt < leastMs / timeScale);
};

/** Whether it is so; then every facet is left open. */
export const addUnanswered = (trace: Trace, trialCase: CaseTrace, verdict: Verdict): boolean => {
  const { links, origin } = trace;
  if (origin === "application" || links[0]?.level !== "decoded" || trialCase.origin.length > 0) return false;
  const asked = trialCase.exchanges.find(({ link, response }) => link === 0 && response === null);
  const sentAt = asked ? completeAt(trialCase, asked) : null;
  if (!asked || sentAt === null || isWithdrawn(trace, trialCase, asked, sentAt)) return false;
  const unreadMs = trialCase.endedAt - sentAt;
  const neededMs = sentAt - (trialCase.clients[0]?.startedAt ?? trialCase.startedAt);
  const why =
    unreadMs >= leastMs
      ? `the lab's origin did not read the request within ${ms(unreadMs)}: the machine stood still`
      : `the request needed ${ms(neededMs)} to reach the lab's origin, too long to be answered in time`;
  for (const facet of Object.keys(facets) as FacetName[])
    verdict.inconclusive.push({ facet, case: trialCase.case.id, why, byMachine: true });
  return true;
};
