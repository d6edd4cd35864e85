// The sentences of a probe's findings and conclusions. Pure.
import type { ArrivalSeen } from "../probe/judge/arrival.ts";
import type { Conclusion } from "../probe/judge/conclude.ts";
import type { SameCut } from "../probe/judge/cuts.ts";
import type { Finding } from "../probe/judge/findings.ts";
import type { Unit } from "../probe/judge/records.ts";
import { heartbeatFor } from "../model/heartbeat.ts";
import { endingWords } from "./probe-ending-words.ts";
import { fieldWords } from "./probe-field-words.ts";
import { duration, plain } from "./text.ts";

const some = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;

const heldOrMade = "held on the way to you, or sent that way by the application";

export const findingWords = (finding: Finding): string => {
  switch (finding.facet) {
    case "delivery":
      return deliveryWords(finding);
    case "headers":
      return headersWords(finding);
    case "ending":
      return endingWords(finding);
    case "source":
      return sourceWords(finding);
    case "integrity":
      return integrityWords(finding);
    case "disconnect":
      return disconnectWords(finding);
    case "about":
      return aboutWords(finding);
  }
};

const disconnectWords = (finding: Extract<Finding, { facet: "disconnect" }>): string => {
  switch (finding.kind) {
    case "propagated":
      return "hopwise origin noticed that a client had left";
    case "on-next-write":
      return "hopwise origin noticed that a client had left only when it wrote again";
    case "not-propagated":
      return `${duration(finding.afterMs)} after a client had left, and after another event, hopwise origin had not noticed`;
  }
};

const integrityWords = (finding: Extract<Finding, { facet: "integrity" }>): string => {
  switch (finding.kind) {
    case "altered":
      return `${some(finding.events, "event")} arrived with other bytes than hopwise origin wrote`;
    case "repeated":
      return `${some(finding.events, "event")} arrived more than once`;
    case "type-changed":
      return fieldWords(finding);
    case "gzip-members":
      return `the content has ${finding.members} gzip members: browsers stop after the first one, and curl fails`;
  }
};

const deliveryWords = (finding: Extract<Finding, { facet: "delivery" }>): string => {
  if (finding.kind === "arrival") return arrivalWords(finding.arrival, finding.unit);
  if (finding.kind === "no-stream") {
    const { bytes, type, status, atMs } = finding;
    return `no stream: status ${status} with ${some(bytes, "byte")}${type === "" ? "" : ` of ${plain(type)}`}, whole after ${duration(atMs)}`;
  }
  const { events, late, medianMs, worstMs, roundTripMs, isReleasedAtTheEnd } = finding.lateness;
  if (finding.kind === "held")
    return `${late} of ${some(events, "event")} of hopwise origin arrived up to ${duration(worstMs)} late${isReleasedAtTheEnd ? ", all of them at the end" : ""}, where ${duration(roundTripMs)} there and back was enough: held on the way`;
  if (finding.kind === "steadily-late")
    return `each of ${some(events, "event")} of hopwise origin arrived about ${duration(medianMs)} later than the header section needed: held by a constant time`;
  return `${some(events, "event")} of hopwise origin arrived one by one, as they were written: ${duration(medianMs)} late in the median, ${duration(worstMs)} at worst`;
};

/** Less than this is a single read. */
const oneReadMs = 0.05;
const within = (ms: number): string => (ms < oneReadMs ? "at once" : `within ${duration(ms)}`);

const arrivalWords = (arrival: ArrivalSeen, unit: Unit): string => {
  switch (arrival.seen) {
    case "one-by-one":
      return `${some(arrival.records, unit)} arrived one by one, every ${duration(arrival.medianGapMs)} in the median, ${duration(arrival.longestGapMs)} at most`;
    case "flow":
      return `${some(arrival.records, unit)} arrived in a flow, ${arrival.perSecond.toFixed(1)} per second with a longest gap of ${duration(arrival.longestGapMs)}: some together, none of them held for long`;
    case "too-few":
      return `${some(arrival.records, unit)} in ${duration(arrival.watchedMs)}: too few to judge how they arrive; watch longer with --for`;
    case "at-once":
      return `${some(arrival.records, unit)} arrived within ${duration(arrival.atMs)} of the request, and the response ended: nothing to judge`;
    case "all-at-the-end":
      return `all ${some(arrival.records, unit)} arrived ${within(arrival.clump.withinMs)} after ${duration(arrival.clump.afterMs)} of silence, with the end: ${heldOrMade}`;
    case "clumps": {
      const [first] = arrival.clumps.toSorted((a, b) => b.records * b.afterMs - a.records * a.afterMs);
      const more = arrival.clumps.length - 1;
      return `${some(first?.records ?? 0, unit)} arrived ${within(first?.withinMs ?? 0)} after ${duration(first?.afterMs ?? 0)} of silence${more > 0 ? `, and ${more} more such ${more === 1 ? "clump" : "clumps"}` : ""}, ${arrival.inClumps} of ${some(arrival.records, unit)} in all: ${heldOrMade}`;
    }
  }
};

const headersWords = (finding: Extract<Finding, { facet: "headers" }>): string => {
  switch (finding.kind) {
    case "prompt":
      return `the header section arrived after ${duration(finding.atMs)}, the first content after ${duration(finding.firstMs)}`;
    case "with-first-record":
      return `the header section arrived after ${duration(finding.atMs)}, together with the first content: held until then, or sent that late by the application`;
    case "held":
      return `the header section arrived ${duration(finding.byMs)} after hopwise origin wrote it: held on the way`;
    case "no-answer":
      return `no header section within ${duration(Math.round(finding.afterMs))}: wait longer with --for, or see whether the application answers at all`;
  }
};

const sourceWords = (finding: Extract<Finding, { facet: "source" }>): string => {
  switch (finding.kind) {
    case "same-response":
      return `it is the response to another request (${finding.with}): cached, or collapsed into a running one`;
    case "retried":
      return `hopwise origin received the request ${finding.attempts} times: a hop sent it again`;
    case "from-a-cache":
      return `a cache says that it answered (${plain(finding.field)})`;
  }
};

const aboutWords = (finding: Extract<Finding, { facet: "about" }>): string => {
  switch (finding.kind) {
    case "heartbeats":
      return finding.count === 1 ? "1 heartbeat" : `${finding.count} heartbeats, one every ${duration(finding.everyMs)} in the median`;
    case "round-trip":
      return `an event takes at least ${duration(finding.ms)} there and back, where connecting took ${duration(finding.connectMs)}: distance after the first hop, or held by a constant time`;
    case "own-stall":
      return `this machine stood still for ${duration(finding.ms)}: what arrived meanwhile was read late`;
    case "coded":
      if (finding.coding === "unknown") return "the content coding is unknown, so records cannot be seen";
      return `coded with ${finding.coding}${finding.isAsked ? "" : ", which was not asked for"}: whatever codes must flush after each record`;
    case "field-changed":
    case "other-fields":
    case "fields-kept":
      return fieldWords(finding);
    case "hops":
      return finding.fields.map(({ name, value, says }) => `${name}: ${plain(value)} (${says})`).join(" · ");
  }
};

const facetWords = {
  delivery: "late or held",
  headers: "late header section",
  ending: "bad end",
  source: "shared or repeated response",
  integrity: "changed bytes",
};

const sameCutWords = ({ by, ms, responses }: SameCut): string =>
  by === "idle-timeout"
    ? `${responses} responses were cut after ${duration(ms)} of silence: an idle timeout, which heartbeats every ${duration(heartbeatFor(ms) ?? ms / 2)} avoid`
    : `${responses} responses were cut ${duration(ms)} after the request, while content flowed: a total timeout`;

export const conclusionWords = (conclusion: Conclusion | SameCut): string => {
  if (conclusion.kind === "same-cut") return sameCutWords(conclusion);
  const what = facetWords[conclusion.facet];
  switch (conclusion.kind) {
    case "only-with-coding":
      return `${what} only with Accept-Encoding (HTTP/${conclusion.http}): look for what compresses, and for its flush`;
    case "only-over":
      return `${what} only over HTTP/${conclusion.http}`;
    case "side":
      return conclusion.side === "path"
        ? `${what}: the origin itself is fine, so a hop in front of it is responsible`
        : `${what}: the origin itself shows it too, so no hop need be responsible`;
  }
};
