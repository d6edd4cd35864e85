// How one exchange stood at its end, seen from its own link alone.
import type { ArmTrace, Exchange } from "../trace.ts";

export type Terminal =
  | { state: "complete"; at: number }
  /** The end can be seen to be wrong: framing cut, or reset. */
  | { state: "cut"; at: number; how: string }
  /** The framing says complete (or cannot say), yet records or the coding's end are missing. */
  | { state: "short"; at: number; how: string; decoderCanTell: boolean; delimitedByClose: boolean }
  | { state: "malformed"; at: number; what: string }
  /** The neighbour nearer the client closed first: nothing can be said of what would have come. */
  | { state: "abandoned"; at: number; response: boolean }
  /** Open to the last: neither side closed. */
  | { state: "open"; at: number; response: boolean }
  /** The neighbour nearer the origin closed before a final header section. */
  | { state: "no-response"; at: number; how: string };

export const terminalOf = (exchange: Exchange, arm: ArmTrace): Terminal => {
  const { end, response } = exchange;
  const first = exchange.closings[0];
  if (end.kind === "malformed") return { state: "malformed", at: end.at, what: exchange.problems[0] ?? "the bytes are not HTTP/1" };
  const stray = exchange.problems.find((problem) => /stray|behind the end/.test(problem));
  if (stray) return { state: "malformed", at: end.at, what: stray };
  if (end.kind === "open") {
    if (first?.by === "downstream") return { state: "abandoned", at: first.at, response: response !== null };
    return { state: "open", at: arm.endedAt, response: response !== null };
  }
  if (end.kind === "cut-by-fin" || end.kind === "cut-by-reset") {
    // Whoever closed first owns the end: a cut behind the other side's departure is only its echo.
    if (first?.by === "downstream") return { state: "abandoned", at: first.at, response: response !== null };
    const how = end.kind === "cut-by-fin" ? "FIN inside the message" : "RST";
    if (!response) return { state: "no-response", at: end.at, how };
    return { state: "cut", at: end.at, how };
  }
  const missing = missingRecords(exchange, arm);
  const delimitedByClose = end.kind === "fin-delimited";
  const isBroken = missing !== null || end.codingComplete === false;
  // So does a body that only the closing ends: what closes behind the other side's departure says nothing of the body.
  if (delimitedByClose && isBroken && first?.by === "downstream" && !arm.origin.some(({ aborted }) => aborted !== null))
    return { state: "abandoned", at: first.at, response: response !== null };
  if (end.codingComplete === false && exchange.request.method !== "HEAD")
    return { state: "short", at: end.at, how: "the content coding's own end is missing", decoderCanTell: true, delimitedByClose };
  if (missing !== null)
    return {
      state: "short",
      at: end.at,
      how: `${missing}, and ${delimitedByClose ? "the end of the connection is the only end" : "the framing says complete"}`,
      decoderCanTell: end.codingComplete === false,
      delimitedByClose,
    };
  return { state: "complete", at: end.at };
};

/** What the origin meant to send and this exchange does not hold, in words; null where nothing is missing. */
const missingRecords = (exchange: Exchange, arm: ArmTrace): string | null => {
  if (exchange.end.kind === "no-body" || exchange.fidelity.kind === "foreign") return null;
  const owner = arm.origin.find(({ nonce }) => nonce === exchange.nonce);
  const asked = owner ?? arm.origin.find(({ request }) => request !== null && Number(request.split(".").at(-1)) === exchange.client);
  if (!asked) return null;
  const written = asked.writes.at(-1)?.records ?? 0;
  const got = exchange.records.filter((at, index) => at !== null && index < written).length;
  // With a Content-Length the last record is the end, whenever the origin says so itself.
  if (exchange.end.kind === "length" && !asked.aborted && got === arm.arm.script.body.recordBytes.length) return null;
  if (asked.aborted) return `${got} records came and the origin aborted`;
  if (asked.endedAt === null || exchange.end.at < asked.endedAt) return `${got} records came before the origin had ended`;
  return got < written ? `${got} of ${written} records came` : null;
};
