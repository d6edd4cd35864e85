// How the response ended, and whether its end is visible to the client. Pure.
import type { CutBy, Finding } from "./findings.ts";
import type { Known } from "./known.ts";
import type { Observed } from "./observation.ts";
import type { Records } from "./records.ts";

/** A silence that is long enough to look like the reason for a cut. */
const idleMs = 1000;
/** The longest wait for the end of an origin that has written everything. */
const hungMs = 2000;

export const endingOf = (observed: Observed, records: Records, known: Known | null): Finding[] => {
  const { head, end, strayBytes } = observed;
  if (head !== null && head.status >= 400) return [errorStatus(head.status, head.atMs)];
  const stray: Finding[] = strayBytes > 0 ? [{ level: "error", facet: "ending", kind: "stray-bytes", bytes: strayBytes }] : [];
  const isHttp = head !== null;
  if (end.how === "malformed")
    return [{ level: isHttp ? "error" : "open", facet: "ending", kind: "malformed", problem: end.problem }, ...stray];
  if (end.how === "open") return openEnd(observed, end, known);
  if (end.how === "cut") return [cutEnd(observed, end, known)];
  return [...silentCut(observed, records, known), ...stray];
};

/** Only a gateway's status is a fault of the path; the others are the answer to this request. */
const errorStatus = (status: number, atMs: number): Finding => ({
  level: status >= 502 && status <= 504 ? "error" : "open",
  facet: "ending",
  kind: "error-status",
  status,
  atMs,
});

const openEnd = ({ head, progress }: Observed, end: Extract<Observed["end"], { how: "open" }>, known: Known | null): Finding[] => {
  if (head === null) return [];
  const forMs = end.atMs - (progress.at(-1)?.[0] ?? head.atMs);
  const isDone = known !== null && known.missing === 0 && end.because !== "bytes";
  if (isDone && forMs >= hungMs) return [{ level: "error", facet: "ending", kind: "hung", forMs }];
  return [{ level: "ok", facet: "ending", kind: "open", atMs: end.atMs, because: end.because }];
};

const cutEnd = ({ head, progress }: Observed, end: Extract<Observed["end"], { how: "cut" }>, known: Known | null): Finding => {
  if (known?.first.end === "reset") return { level: "ok", facet: "ending", kind: "cut-visible", sign: end.sign };
  const silentMs = end.atMs - (progress.at(-1)?.[0] ?? head?.atMs ?? 0);
  // A connection that is closed at once is no stream that was cut.
  const level = head === null && silentMs < idleMs ? "open" : "error";
  return {
    level,
    isBeforeHead: head === null,
    facet: "ending",
    kind: "cut",
    atMs: end.atMs,
    sign: end.sign,
    cut: cutBy(silentMs, end.atMs),
  };
};

const cutBy = (silentMs: number, atMs: number): CutBy => {
  if (silentMs >= idleMs) return { by: "idle-timeout", silentMs };
  return atMs >= idleMs ? { by: "total-timeout" } : { by: "unclassified" };
};

const silentCut = ({ end, isCodingComplete }: Observed, { unit, leftBytes }: Records, known: Known | null): Finding[] => {
  const silent = (why: "inside-a-record" | "coding-incomplete" | "origin-aborted"): Finding[] => [
    { level: "error", facet: "ending", kind: "cut-silently", why },
  ];
  if (isCodingComplete === false) return silent("coding-incomplete");
  if (known !== null && known.missing > 0)
    return [{ level: "error", facet: "ending", kind: "missing", missing: known.missing, of: known.of }];
  if (known?.first.end === "reset" && end.how === "complete") return silent("origin-aborted");
  // The specification lets a client drop an unfinished last event, so that nothing shows that it is missing.
  if (unit === "event" && leftBytes > 1) return silent("inside-a-record");
  return end.how === "closed"
    ? [{ level: "warning", facet: "ending", kind: "unmarked", atMs: end.atMs }]
    : [{ level: "ok", facet: "ending", kind: "complete", atMs: end.atMs }];
};
