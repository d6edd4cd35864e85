// How one exchange ended, as its own link shows it.
import type { Closing } from "../recording.ts";
import type { CaseTrace, Exchange } from "../trace.ts";

export type Terminal =
  | { state: "complete"; at: number }
  /** The end is visibly wrong: framing cut, or reset. */
  | { state: "cut"; at: number; by: "fin" | "reset" | "http2" | "http3"; how: string }
  /** The framing says complete (or cannot show it), yet records or the end of the content coding are missing. */
  | { state: "short"; at: number; how: string; decoderCanTell: boolean; delimitedByClose: boolean }
  | { state: "malformed"; at: number; what: string }
  /** The neighbor nearer the client closed first: what would have followed is unknown. */
  | { state: "abandoned"; at: number; response: boolean }
  /** Neither side closed. */
  | { state: "open"; at: number; response: boolean }
  /** The neighbor nearer the origin closed before a final header section. */
  | { state: "no-response"; at: number; how: string };

export const terminalOf = (exchange: Exchange, trialCase: CaseTrace): Terminal => {
  const { end, response } = exchange;
  const first = exchange.closings[0];
  if (end.kind === "malformed") return { state: "malformed", at: end.at, what: exchange.problems[0]?.words ?? "the bytes are not HTTP/1" };
  const stray = exchange.problems.find(({ code }) => code === "stray-bytes");
  if (stray) return { state: "malformed", at: end.at, what: stray.words };
  if (end.kind === "open") {
    if (first?.by === "downstream") return { state: "abandoned", at: first.at, response: response !== null };
    return { state: "open", at: trialCase.endedAt, response: response !== null };
  }
  if (end.kind === "cut-by-fin" || end.kind === "cut-by-reset") {
    // The side that closed first owns the end: a cut after the other side's departure only follows from it.
    if (first?.by === "downstream") return { state: "abandoned", at: first.at, response: response !== null };
    const cut = cutOf(exchange);
    if (!response) return { state: "no-response", at: end.at, how: cut.how };
    return { state: "cut", at: end.at, ...cut };
  }
  const missing = missingRecords(exchange, trialCase);
  const delimitedByClose = end.kind === "fin-delimited";
  const isBroken = missing !== null || end.codingComplete === false;
  // The same for a close-delimited body: a close after the other side's departure does not show a truncation.
  if (delimitedByClose && isBroken && first?.by === "downstream" && !trialCase.origin.some(({ aborted }) => aborted !== null))
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

/** How its input ended, as the hop can know it: a reset that the tap passed on later ended it only then. */
export const terminalOfInput = (exchange: Exchange, trialCase: CaseTrace): Terminal => {
  const terminal = terminalOf(exchange, trialCase);
  const closing = exchange.closings.find(({ by }) => by === "upstream");
  const isByReset = exchange.end.kind === "cut-by-reset" && (terminal.state === "cut" || terminal.state === "no-response");
  if (!isByReset || closing?.passedAt === undefined) return terminal;
  return closing.passedAt === null
    ? { state: "open", at: trialCase.endedAt, response: exchange.response !== null }
    : { ...terminal, at: closing.passedAt };
};

const cutOf = ({ end, closings, response }: Exchange): { by: "fin" | "reset" | "http2" | "http3"; how: string } => {
  const closing = closings.find(({ by }) => by === "upstream");
  if (closing?.http2) return { by: "http2", how: `${closing.http2.frame}(${closing.http2.code}) before END_STREAM` };
  if (closing?.http3) return { by: "http3", how: cutOverHttp3(closing.http3) };
  if (end.kind === "cut-by-reset") return { by: "reset", how: "RST" };
  const isUnannounced = closing?.closeNotify === false && response?.framing === "close";
  return { by: "fin", how: isUnannounced ? "FIN without close_notify" : "FIN inside the message" };
};

const cutOverHttp3 = ({ frame, code }: NonNullable<Closing["http3"]>): string =>
  frame === null ? code : `${frame}(${code}) before the end of its stream`;

/** What is missing of the origin's response, in words; null if nothing is. */
const missingRecords = (exchange: Exchange, trialCase: CaseTrace): string | null => {
  if (exchange.end.kind === "no-body" || exchange.fidelity.kind === "foreign") return null;
  const owner = trialCase.origin.find(({ nonce }) => nonce === exchange.nonce);
  const asked =
    owner ?? trialCase.origin.find(({ request }) => request !== null && request.client !== null && request.client === exchange.client);
  if (!asked) return null;
  const written = asked.writes.at(-1)?.records ?? 0;
  const got = exchange.records.filter((at, index) => at !== null && index < written).length;
  // With a Content-Length the last record is the end, even if the origin ends its script later.
  if (exchange.end.kind === "length" && !asked.aborted && got === trialCase.case.script.body.recordBytes.length) return null;
  if (asked.aborted) return `${got} records came and the origin aborted`;
  if (asked.endedAt === null || exchange.end.at < asked.endedAt) return `${got} records came before the origin had ended`;
  return got < written ? `${got} of ${written} records came` : null;
};
