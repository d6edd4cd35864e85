// Exchanges with the user's own application. Its body is known only from the wire: a record is what came in one read, and every hop is compared
// with that.
import { commonPrefix } from "../model/fidelity.ts";
import type { Placement } from "../model/fidelity.ts";
import { emptyRecording } from "../model/empty-recording.ts";
import { applicationNonce } from "../model/recording.ts";
import type { CaseRecording, OriginRecording, ProbeRecording } from "../model/recording.ts";
import type { Case } from "../model/script.ts";
import type { CaseTrace, Exchange } from "../model/trace.ts";
import { placed } from "./decoded.ts";
import type { Decoded } from "./decoded.ts";
import { clientTrace, decodeWires } from "./exchanges.ts";
import type { Places } from "./exchanges.ts";

/** Reads within this time count as one write of the application. */
const oneWriteMs = 5;
/** A longer write is split: larger pieces take time through any hop. */
const largestRecord = 16 * 1024;

export const decodeApplicationCase = async (
  trialCase: Case,
  token: string,
  recording: CaseRecording,
  probes: readonly ProbeRecording[],
  places: Places,
): Promise<CaseTrace> => {
  const decoded = await decodeWires(token, recording, probes, places);
  // The stream of another client is not what this one is compared with.
  const given = decoded.findLast(({ exchange }) => exchange.link === 0 && (exchange.client ?? 0) === 0);
  const ends = given ? recordEnds(given.exchange) : [];
  const origin = given ? recordingOf(given.exchange, token, ends) : null;
  return {
    case: {
      ...trialCase,
      script: { ...trialCase.script, ...scriptOf(given), body: { ...trialCase.script.body, recordBytes: sizesOf(ends) } },
    },
    startedAt: recording.startedAt,
    endedAt: recording.endedAt,
    origin: origin ? [origin] : [],
    exchanges: decoded.map((one) => placed(one, comparisonOf(one, given, origin, ends))),
    clients: recording.clients.map(clientTrace),
  };
};

/** The script that would make the lab's origin send the same. */
const scriptOf = (given: Decoded | undefined): Partial<Case["script"]> => {
  const response = given?.exchange.response;
  if (!response) return {};
  const contentType = response.headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? null;
  return { status: response.status, headers: response.headers, contentType };
};

/** Where each record ends in the content. */
const recordEnds = ({ progress }: Exchange): number[] => {
  const ends: number[] = [];
  let began = -Infinity;
  let before = 0;
  for (const [at, bytes] of progress) {
    if (at - began > oneWriteMs) began = at;
    else ends.pop();
    before = ends.at(-1) ?? 0;
    for (; bytes - before > largestRecord; before += largestRecord) ends.push(before + largestRecord);
    ends.push(bytes);
  }
  return ends;
};

const sizesOf = (ends: readonly number[]): number[] => ends.map((end, index) => end - (ends[index - 1] ?? 0));

const whole = new Set<string>(["last-chunk", "length", "no-body", "fin-delimited"]);

/** The recording that the lab's origin would have made, from the first link. */
const recordingOf = (given: Exchange, token: string, ends: readonly number[]): OriginRecording => {
  const { end, closings, progress } = given;
  const cut = end.kind === "cut-by-reset" || end.kind === "cut-by-fin";
  const [first] = closings;
  return {
    ...emptyRecording(applicationNonce, given.request.at, given.connection ?? -1),
    request: { token, client: given.client ?? 0 },
    requestVersion: given.request.version,
    method: given.request.method,
    target: given.request.target,
    requestHeaders: given.request.headers,
    headersAt: given.response?.at ?? null,
    writes: ends.map((bytes, index) => ({ at: progress.find(([, total]) => total >= bytes)?.[0] ?? end.at, records: index + 1 })),
    endedAt: whole.has(end.kind) ? end.at : null,
    aborted: cut && first?.by !== "downstream" ? { at: end.at, how: end.kind === "cut-by-reset" ? "reset" : "close" } : null,
    gone: first?.by === "downstream" ? { at: first.at, how: first.how } : null,
    bytesWritten: given.contentBytes,
    bytesTaken: given.contentBytes,
  };
};

const comparisonOf = (
  { exchange, content }: Decoded,
  given: Decoded | undefined,
  origin: OriginRecording | null,
  ends: readonly number[],
): Placement => {
  if (content.byteLength === 0 || !given || !origin) return { nonce: null, fidelity: { kind: "intact" }, ends: [] };
  const same = commonPrefix(content, given.content);
  const own = { nonce: origin.nonce, ends: [...ends] };
  if (same === content.byteLength) return { ...own, fidelity: { kind: "intact" } };
  if (exchange.response?.status !== given.exchange.response?.status || same === 0)
    return { nonce: null, fidelity: { kind: "foreign" }, ends: [] };
  const detail =
    same === given.content.byteLength
      ? `${content.byteLength - same} bytes follow what the application sent, at offset ${same}`
      : `byte ${same} differs from what the application sent`;
  const how = same === given.content.byteLength ? "added" : "changed";
  // In a whole body, the records after the change are shifted by the difference in length.
  const shift = whole.has(exchange.end.kind) ? content.byteLength - given.content.byteLength : 0;
  return {
    nonce: origin.nonce,
    ends: ends.map((end) => (end <= same ? end : Math.max(same, end + shift))).map((end) => (end <= content.byteLength ? end : null)),
    fidelity: { kind: "altered", offset: same, how, detail },
  };
};
