// Whether records came one by one, and when the header section came. Pure.
import { headerValue } from "../../decode/http1-message.ts";
import { arrivalOf, togetherMs } from "./arrival.ts";
import type { ArrivalSeen } from "./arrival.ts";
import type { Finding, Level } from "./findings.ts";
import type { Known } from "./known.ts";
import type { Head, Observed } from "./observation.ts";
import type { Records, Unit } from "./records.ts";

export const deliveryOf = (observed: Observed, records: Records, known: Known | null): Finding[] => {
  const { head, end, content } = observed;
  if (head === null || head.status >= 400) return [];
  if (known !== null) return [lateness(known)];
  const arrival = arrivalOf(records.arrivals, observed);
  if (end.how === "complete" && isNoStream(head, arrival, records)) {
    const type = headerValue(head.headers, "content-type") ?? "";
    return [{ level: "open", facet: "delivery", kind: "no-stream", status: head.status, type, bytes: content.length, atMs: end.atMs }];
  }
  return [{ level: levelOf(arrival, records.unit), facet: "delivery", kind: "arrival", unit: records.unit, arrival }];
};

/** Events and lines are a stream by their type, even if a hop has measured them: Content-Length. What is whole at once is none. */
const isNoStream = ({ framing }: Head, { seen }: ArrivalSeen, { unit, arrivals }: Records): boolean =>
  unit === "chunk"
    ? seen === "at-once" || seen === "all-at-the-end" || arrivals.length < 2
    : (framing === "content-length" || framing === "none") && (seen === "at-once" || arrivals.length === 0);

/** Two records at once now and then are common in applications, and a delay of some milliseconds makes a pair of two that were written soon
 *  after each other; three and more after a silence, most of the time, are no stream any more. */
const levelOf = (arrival: ArrivalSeen, unit: Unit): Level => {
  switch (arrival.seen) {
    case "one-by-one":
    case "flow":
      return "ok";
    case "too-few":
    case "at-once":
      return "open";
    case "all-at-the-end":
      return unit === "chunk" ? "warning" : "error";
    case "clumps":
      return clumpsLevel(arrival, unit);
  }
};

const clumpsLevel = ({ records, inClumps, clumps }: Extract<ArrivalSeen, { seen: "clumps" }>, unit: Unit): Level => {
  const isLarge = clumps.some((clump) => clump.records >= 3);
  // One write may be read in several chunks.
  if (isLarge && inClumps >= records / 2 && unit !== "chunk") return "error";
  const arePairs = clumps.length > 1 && inClumps > records / 2;
  return isLarge || arePairs ? "warning" : "note";
};

/** Lateness of so many events within so few milliseconds is no jitter. */
const steadyMs = 10;
const steadyEvents = 6;
const noticeableMs = 20;

const lateness = ({ lateness: found }: Known): Finding => {
  const { late, events, leastMs, medianMs, worstMs } = found;
  const isHeld = late >= Math.min(2, events) && late >= events / 8;
  if (isHeld) return { level: "error", facet: "delivery", kind: "held", lateness: found };
  const isSteady = events >= steadyEvents && medianMs >= noticeableMs && worstMs - leastMs <= steadyMs;
  return { level: isSteady ? "warning" : "ok", facet: "delivery", kind: isSteady ? "steadily-late" : "on-time", lateness: found };
};

/** A header section that waits for so long with the first record is worth a word. */
const longWaitMs = 300;

export const headersOf = ({ head, progress, end }: Observed, known: Known | null): Finding[] => {
  if (head === null)
    return end.how === "open" && end.because === "time" ? [{ level: "open", facet: "headers", kind: "no-answer", afterMs: end.atMs }] : [];
  const firstMs = progress[0]?.[0];
  if (firstMs === undefined || head.status >= 400) return [];
  if (known !== null) {
    const { headLateMs, toleranceMs } = known.lateness;
    return headLateMs > toleranceMs
      ? [{ level: "warning", facet: "headers", kind: "held", byMs: headLateMs, isProven: true }]
      : [{ level: "ok", facet: "headers", kind: "prompt", atMs: head.atMs, firstMs }];
  }
  const isWithFirst = head.atMs >= longWaitMs && firstMs - head.atMs < togetherMs;
  return [
    { level: isWithFirst ? "note" : "ok", facet: "headers", kind: isWithFirst ? "with-first-record" : "prompt", atMs: head.atMs, firstMs },
  ];
};
