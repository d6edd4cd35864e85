// The sentence behind a facet: what was seen, with its numbers. One case per member, so that the compiler asks for new ones.
import type { Delivery, Disconnect, Ending, EndingCause, Facet, Headers, Integrity, Source } from "../verdict.ts";
import { ms } from "./view.ts";

export const evidenceOf = (facet: Facet): string => {
  const who = facet.culprit ?? "every hop";
  switch (facet.facet) {
    case "delivery":
      return deliveryEvidence(facet.finding, who);
    case "headers":
      return headersEvidence(facet.finding, who);
    case "ending":
      return endingEvidence(facet.finding, who);
    case "source":
      return sourceEvidence(facet.finding);
    case "integrity":
      return integrityEvidence(facet.finding, who);
    case "disconnect":
      return disconnectEvidence(facet.finding, who);
  }
};

const deliveryEvidence = (finding: Delivery, who: string): string => {
  switch (finding.member) {
    case "incremental":
      return `${who} passed each record on by itself (${finding.by}): median lag ${ms(finding.medianLagMs)}, worst ${ms(finding.worstLagMs)}`;
    case "lagging":
      return `${who} keeps each record until ${finding.records} more ${finding.records === 1 ? "comes" : "come"}, whatever the gap and the size (median lag ${ms(finding.lagMs)})`;
    case "batched":
      return finding.by === "timer"
        ? `${who} lets pending bytes go ${ms(finding.timerMs)} after the first of them`
        : `${who} holds what it has until more bytes come: it kept ${finding.atLeastBytes} bytes and let go at ${finding.atMostBytes} or fewer`;
    case "buffered":
      return `${who} let nothing out ${finding.released === "end" ? `before its upstream's end, ${ms(finding.heldForMs)} after the first record` : `at all in ${ms(finding.heldForMs)}`}: buffer ≥ ${finding.atLeastBytes} bytes${finding.flooded ? ", flood included" : ""}`;
  }
};

const headersEvidence = (finding: Headers, who: string): string =>
  finding.member === "prompt"
    ? `${who} passed the header section on ahead of the body, lag ${ms(finding.lagMs)}`
    : `${who} held the header section for ${ms(finding.heldForMs)}, until ${{ "first-body-byte": "the first byte of the body came", bytes: "more bytes came", timer: "a time of its own was over", end: "its upstream ended", never: "the connection was closed" }[finding.until]}`;

const causes = {
  "origin-abort": "because the origin aborted",
  "first-byte-limit": "because no header section had come",
  "idle-limit": "of silence, while a stream with heartbeats outlives that",
  "total-limit": "from the start, in spite of heartbeats",
  "limit-unclassified": "by a limit of silence, of time or of size (one run alone cannot tell which)",
  "no-last-chunk": "without the last chunk",
  "http-1.0": "because it asked its upstream in HTTP/1.0, where the end of the connection is the only end",
  own: "on its own account",
} satisfies Record<EndingCause, string>;

const endingEvidence = (finding: Ending, who: string): string => {
  switch (finding.member) {
    case "complete":
      return "framing complete and every record there";
    case "incomplete-visible":
      return `${who} cut the response (${finding.how}) after ${ms(finding.afterMs)} ${causes[finding.cause]}`;
    case "incomplete-silent":
      return `${who} made a truncated response look whole (${finding.how}) after ${ms(finding.afterMs)} ${causes[finding.cause]}${finding.decoderCanTell ? "; only a decoder of the content coding can tell" : ""}`;
    case "error-response":
      return `${who === "origin" ? "the client was" : who} answered ${finding.status} in the origin's place after ${ms(finding.afterMs)} ${causes[finding.cause]}`;
    case "no-response":
      return `${finding.cause === "origin-abort" ? "the response was closed" : `${who} closed`} before any header section, after ${ms(finding.afterMs)} ${causes[finding.cause]}`;
    case "malformed":
      return `${who} sent what is not HTTP: ${finding.what}`;
    case "hung":
      return `${who} left the client waiting at least ${ms(finding.atLeastMs)} after ${hungAfter(finding)}`;
  }
};

const hungAfter = ({ cause, afterMs }: Extract<Ending, { member: "hung" }>): string => {
  if (cause === "origin-abort") return "the origin aborted";
  return cause === "own" ? "its upstream's end" : `it had dropped its upstream after ${ms(afterMs)} ${causes[cause]}`;
};

const sourceEvidence = (finding: Source): string => (finding.member === "asked" ? `asked ${finding.times} times` : finding.member);

const integrityEvidence = (finding: Integrity, who: string): string =>
  finding.member === "intact"
    ? "every byte is the origin's, in its place"
    : `${who} altered the response (${finding.how}): ${finding.detail}`;

const disconnectEvidence = (finding: Disconnect, who: string): string => {
  switch (finding.member) {
    case "at-once":
      return `${who} dropped its upstream within ${ms(finding.afterMs)} of the client's leaving`;
    case "on-next-write":
      return `${who} dropped its upstream only when more bytes came: ${ms(finding.afterMs)} and ${finding.writes} reads after the client left`;
    case "late":
      return `${who} dropped its upstream only ${ms(finding.afterMs)} after the client left, neither at once nor because it was written to`;
    case "lost":
      return `${who} kept its upstream at least ${ms(finding.atLeastMs)} after the client left${finding.cause === "fill" ? `, and read on to the end (${finding.bytesSince} bytes)` : ""}`;
  }
};
