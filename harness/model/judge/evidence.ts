// The sentence of a facet: what was seen, with its numbers. One case per member, so that the compiler asks for new ones.
import type { Delivery, Disconnect, Ending, EndingCause, Facet, Headers, Integrity, Leaving, Memory, Source } from "../verdict.ts";
import { ms } from "./view.ts";

export const evidenceOf = (facet: Facet): string => {
  const who = facet.culprit ?? "every hop";
  switch (facet.facet) {
    case "delivery":
      return deliveryEvidence(facet.observation, who);
    case "headers":
      return headersEvidence(facet.observation, who);
    case "ending":
      return endingEvidence(facet.observation, who);
    case "source":
      return sourceEvidence(facet.observation);
    case "integrity":
      return integrityEvidence(facet.observation, who);
    case "disconnect":
      return disconnectEvidence(facet.observation, who);
    case "memory":
      return memoryEvidence(facet.observation, who);
  }
};

const deliveryEvidence = (observation: Delivery, who: string): string => {
  switch (observation.member) {
    case "incremental":
      return `${who} passed each record on immediately (${observation.by}): median lag ${ms(observation.medianLagMs)}, worst ${ms(observation.worstLagMs)}`;
    case "lagging":
      return `${who} holds each record until ${observation.records} more ${observation.records === 1 ? "arrives" : "arrive"}, at every gap and size (median lag ${ms(observation.lagMs)})`;
    case "batched":
      return batchedEvidence(observation, who);
    case "buffered":
      return bufferedEvidence(observation, who);
    case "throttled":
      return `${who} is limited to ${observation.bytesPerSecond} bytes per second, however many bytes are pending`;
    case "delayed":
      return delayedEvidence(observation, who);
  }
};

const bufferedEvidence = (
  { released, heldForMs, atLeastBytes, atMostBytes, flooded }: Extract<Delivery, { member: "buffered" }>,
  who: string,
): string => {
  const least = `its buffer holds at least ${atLeastBytes}`;
  const flood = flooded ? ", flood included" : "";
  switch (released) {
    case "flood":
      return `${who} sent nothing for ${ms(heldForMs)}: ${least} and at most ${atMostBytes} bytes`;
    case "end":
      return `${who} sent nothing before its upstream ended, ${ms(heldForMs)} after the first record: ${least} bytes${flood}`;
    case "never":
      return `${who} sent nothing at all in ${ms(heldForMs)}: ${least} bytes${flood}`;
  }
};

const batchedEvidence = (observation: Extract<Delivery, { member: "batched" }>, who: string): string => {
  switch (observation.by) {
    case "timer":
      return `${who} releases pending bytes ${ms(observation.timerMs)} after the first of them`;
    case "bytes":
      return `${who} holds bytes until enough are pending: it still held ${observation.atLeastBytes} bytes, and had released them by the time ${observation.atMostBytes} were pending`;
    case "writes":
      return `${who} holds bytes until ${observation.writes} writes have arrived, at every gap and size`;
    case "bytes-or-timer":
      return `${who} holds bytes until enough are pending or ${ms(observation.timerMs)} have passed, whichever is first: it still held ${observation.atLeastBytes} bytes, and had released them by the time ${observation.atMostBytes} were pending`;
  }
};

const mostNamed = 6;

const delayedEvidence = (
  { late, of, records, worstMs, epsilonMs, attempts }: Extract<Delivery, { member: "delayed" }>,
  who: string,
): string => {
  const named = records.slice(0, mostNamed).map(({ record, heldMs }) => `record ${record} for ${ms(heldMs)}`);
  const rest = records.length > mostNamed ? `, and ${records.length - mostNamed} more` : "";
  const seen = attempts > 1 ? `in each of ${attempts} attempts it held records, here ${late} of ${of}` : `it held ${late} of ${of} records`;
  return `${who} holds records for up to ${ms(worstMs)}; the release cause was not identified: ${seen} (${named.join(", ")}${rest}; ε ${ms(epsilonMs)})`;
};

const headersEvidence = (observation: Headers, who: string): string =>
  observation.member === "prompt"
    ? `${who} passed the header section on ahead of the body, lag ${ms(observation.lagMs)}`
    : `${who} held the header section for ${ms(observation.heldForMs)}, until ${{ "first-body-byte": "the first byte of the body arrived", bytes: "more bytes arrived", timer: "a timer of its own fired", end: "its upstream ended", never: "the connection was closed" }[observation.until]}`;

/** What follows a duration. */
const causes = {
  "origin-abort": ", because the origin aborted",
  "first-byte-timeout": " without a header section from the upstream",
  "idle-timeout": " of silence; a stream with heartbeats survives longer",
  "total-timeout": ", counted from the request, in spite of heartbeats",
  "write-timeout": " in which its client read nothing",
  unclassified: " (an idle timeout, a total timeout or a size limit: one case alone does not show which)",
  "no-last-chunk": ": the last chunk is missing",
  "http-1.0": ", because it uses HTTP/1.0 to its upstream, where the end of the connection is the only end",
  queued: ", and never forwarded the request",
  reload: ", counted from its reload",
  own: " by itself",
} satisfies Record<EndingCause, string>;

const endingEvidence = (observation: Ending, who: string): string => {
  switch (observation.member) {
    case "complete":
      return "the framing is complete and no record is missing";
    case "truncated-visibly":
      return `${who} cut the response (${observation.how}) after ${observation.atMostMs === undefined ? "" : "at most "}${ms(observation.afterMs)}${causes[observation.cause]}`;
    case "truncated-silently":
      return `${who} made a truncated response look whole (${observation.how}) after ${ms(observation.afterMs)}${causes[observation.cause]}${observation.decoderCanTell ? "; only a decoder of the content coding can detect it" : ""}`;
    case "error-response":
      return who === "origin"
        ? `the client received ${observation.status} instead of the origin's response after ${ms(observation.afterMs)}${observation.cause === "own" ? "" : causes[observation.cause]}`
        : `${who} answered ${observation.status} in the origin's place after ${ms(observation.afterMs)}${causes[observation.cause]}`;
    case "no-response":
      return `${observation.cause === "origin-abort" ? "the connection was closed" : `${who} closed the connection`} before any header section, after ${ms(observation.afterMs)}${causes[observation.cause]}`;
    case "malformed":
      return `${who} sent invalid HTTP: ${observation.what}`;
    case "hung":
      if (observation.cause === "queued")
        return `${who} did not forward the request for at least ${ms(observation.atLeastMs)}, until the client gave up`;
      return `${who} left the client waiting for at least ${ms(observation.atLeastMs)} after ${hungAfter(observation)}`;
  }
};

const hungAfter = ({ cause, afterMs }: Extract<Ending, { member: "hung" }>): string => {
  if (cause === "origin-abort") return "the origin aborted";
  return cause === "own" ? "its upstream's end" : `it had closed its upstream connection after ${ms(afterMs)}${causes[cause]}`;
};

const sourceEvidence = (observation: Source): string =>
  observation.member === "retried" ? `requested ${observation.times} times` : observation.member;

const integrityEvidence = (observation: Integrity, who: string): string =>
  observation.member === "intact"
    ? "every byte is the origin's, at its offset"
    : `${who} altered the response (${observation.how}): ${observation.detail}`;

const disconnectEvidence = (observation: Disconnect, who: string): string => {
  const left = `left${leavings[observation.leaving ?? "unknown"]}`;
  switch (observation.member) {
    case "propagated":
      return `${who} closed its upstream connection within ${ms(observation.afterMs)} of the client leaving${leavings[observation.leaving ?? "unknown"]}`;
    case "propagated-on-next-write":
      return `${who} closed its upstream connection only when more bytes arrived: ${ms(observation.afterMs)} and ${observation.writes} ${observation.writes === 1 ? "read" : "reads"} after the client ${left}`;
    case "propagated-late":
      return `${who} closed its upstream connection only ${ms(observation.afterMs)} after the client ${left}, neither immediately nor because of a write`;
    case "not-propagated":
      return `${who} kept its upstream connection open for at least ${ms(observation.atLeastMs)} after the client ${left}${observation.cause === "fill" ? `, and read it to the end (${observation.bytesSince} bytes)` : ""}`;
  }
};

const leavings = {
  fin: " by FIN",
  reset: " by RST",
  cancel: " (it canceled its stream and kept the connection)",
  close: " (it closed its connection)",
  unknown: "",
} satisfies Record<Leaving | "unknown", string>;

const mebibytes = (kB: number): string => `${(kB / 1024).toFixed(1)} MiB`;

const readerWords = {
  fast: "a client that reads as fast as it comes",
  slow: "a client that reads nothing for a while",
} satisfies Record<Memory["reader"], string>;

const memoryEvidence = ({ member, reader, bodyBytes, idleKb, peakKb }: Memory, who: string): string => {
  const grew = `${mebibytes(peakKb - idleKb)} more than idle (${mebibytes(idleKb)}) for a body of ${bodyBytes / 1_000_000} MB, with ${readerWords[reader]}`;
  return member === "bounded"
    ? `no hop's memory grew with the body: at most ${grew}`
    : `${who} needs memory in proportion to the body: ${grew}`;
};
