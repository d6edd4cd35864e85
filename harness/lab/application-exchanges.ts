// Exchanges with the user's own application: its body is what came out of it, so that a record is what came in one read, and every hop is
// compared with that.
import { commonPrefix } from "../model/fidelity.ts";
import type { Placement } from "../model/fidelity.ts";
import { applicationNonce } from "../model/recording.ts";
import type { ArmRecording, OriginRecording, ProbeRecording } from "../model/recording.ts";
import type { Arm } from "../model/script.ts";
import type { ArmTrace, Exchange } from "../model/trace.ts";
import { decodeWires, placed } from "./exchanges.ts";
import type { Decoded, Places } from "./exchanges.ts";
import { emptyRecording } from "./origin-exchange.ts";

/** Reads that come within that time are one write of the application's, or as good as one. */
const oneWriteMs = 5;
/** A longer write is taken in parts: what is larger than this takes its time through any hop. */
const largestRecord = 16 * 1024;

export const decodeApplicationArm = async (
  arm: Arm,
  token: string,
  recording: ArmRecording,
  probes: readonly ProbeRecording[],
  places: Places,
): Promise<ArmTrace> => {
  const decoded = await decodeWires(token, recording, probes, places);
  const given = decoded.findLast(({ exchange }) => exchange.link === 0);
  const ends = given ? recordEnds(given.exchange) : [];
  const origin = given ? recordingOf(given.exchange, token, ends) : null;
  return {
    arm: { ...arm, script: { ...arm.script, ...saidBy(given), body: { ...arm.script.body, recordBytes: sizesOf(ends) } } },
    startedAt: recording.startedAt,
    endedAt: recording.endedAt,
    origin: origin ? [origin] : [],
    exchanges: decoded.map((one) => placed(one, comparisonOf(one, given, origin, ends))),
    clients: recording.clients.map(({ startedAt, recordsAt, ended }) => ({ startedAt, recordsAt, ended })),
  };
};

/** What an origin of the lab's would have been told to send. */
const saidBy = (given: Decoded | undefined): Partial<Arm["script"]> => {
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

/** What an origin of the lab's would have told of itself, from its first connection. */
const recordingOf = (given: Exchange, token: string, ends: readonly number[]): OriginRecording => {
  const { end, closings, progress } = given;
  const cut = end.kind === "cut-by-reset" || end.kind === "cut-by-fin";
  const [first] = closings;
  return {
    ...emptyRecording(given.request.at, given.connection ?? -1),
    nonce: applicationNonce,
    request: `${token}.${given.client ?? 0}`,
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
      ? `${content.byteLength - same} bytes stand behind what the application sent, at offset ${same}`
      : `byte ${same} is not the one that the application sent`;
  const how = same === given.content.byteLength ? "added" : "changed";
  // What is whole is as much longer or shorter behind the change as it is in all.
  const shift = whole.has(exchange.end.kind) ? content.byteLength - given.content.byteLength : 0;
  return {
    nonce: origin.nonce,
    ends: ends.map((end) => (end <= same ? end : Math.max(same, end + shift))).map((end) => (end <= content.byteLength ? end : null)),
    fidelity: { kind: "altered", offset: same, how, detail },
  };
};
