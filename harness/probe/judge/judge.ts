// From what was seen of one response to findings. Pure: it works on a saved observation.
import { deliveryOf, headersOf } from "./delivery.ts";
import { endingOf } from "./ending.ts";
import type { Finding } from "./findings.ts";
import { cacheFieldOf, hopFieldsOf } from "./hops.ts";
import { knownOf } from "./known.ts";
import type { Known } from "./known.ts";
import { median } from "./numbers.ts";
import type { Observed } from "./observation.ts";
import { recordsOf } from "./records.ts";
import type { Records } from "./records.ts";

export interface Judged {
  observed: Observed;
  records: Records;
  known: Known | null;
  findings: Finding[];
}

/** `asOutsider`: as if the origin were not known. */
export const judgeResponse = (observed: Observed, { asOutsider = false }: { asOutsider?: boolean } = {}): Judged => {
  const records = recordsOf(observed);
  const known = asOutsider ? null : knownOf(records, observed);
  const findings = [
    ...deliveryOf(observed, records, known),
    ...headersOf(observed, known),
    ...endingOf(observed, records, known),
    ...sourceOf(observed, known),
    ...integrityOf(observed, known),
    ...aboutOf(observed, records, known),
  ];
  return { observed, records, known, findings };
};

const sourceOf = ({ head }: Observed, known: Known | null): Finding[] => {
  if (known !== null)
    return known.first.attempt > 1 ? [{ level: "error", facet: "source", kind: "retried", attempts: known.first.attempt }] : [];
  const field = head === null ? null : cacheFieldOf(hopFieldsOf(head.headers));
  return field === null ? [] : [{ level: "warning", facet: "source", kind: "from-a-cache", field }];
};

const integrityOf = ({ gzipMembers }: Observed, known: Known | null): Finding[] => {
  const { altered = 0, repeated = 0 } = known ?? {};
  return [
    ...(gzipMembers > 1 ? [{ level: "error", facet: "integrity", kind: "gzip-members", members: gzipMembers } as const] : []),
    ...(altered > 0 ? [{ level: "error", facet: "integrity", kind: "altered", events: altered } as const] : []),
    ...(repeated > 0 ? [{ level: "error", facet: "integrity", kind: "repeated", events: repeated } as const] : []),
  ];
};

/** Shorter ones show nowhere. */
const noticeableStallMs = 50;
/** A round trip beyond the first hop that is worth a word. */
const longTripMs = 25;

const aboutOf = ({ head, variation, coding, connectMs, stalls }: Observed, { arrivals }: Records, known: Known | null): Finding[] => {
  const found: Finding[] = [];
  const beats = arrivals.filter(({ kind }) => kind === "heartbeat").map(({ atMs }) => atMs);
  if (beats.length > 0) {
    const everyMs = median(beats.slice(1).map((at, index) => at - (beats[index] ?? 0)));
    found.push({ level: "note", facet: "about", kind: "heartbeats", count: beats.length, everyMs });
  }
  if (coding !== "identity")
    found.push({
      level: coding === "unknown" ? "open" : "note",
      facet: "about",
      kind: "coded",
      coding,
      isAsked: variation.acceptEncoding !== null,
    });
  const stallMs = stalls.reduce((worst, [from, to]) => Math.max(worst, to - from), 0);
  if (stallMs >= noticeableStallMs) found.push({ level: "note", facet: "about", kind: "own-stall", ms: stallMs });
  if (known !== null && known.lateness.roundTripMs > longTripMs + 2 * connectMs)
    found.push({ level: "note", facet: "about", kind: "round-trip", ms: known.lateness.roundTripMs, connectMs });
  const fields = head === null ? [] : hopFieldsOf(head.headers);
  if (fields.length > 0) found.push({ level: "note", facet: "about", kind: "hops", fields });
  return found;
};
