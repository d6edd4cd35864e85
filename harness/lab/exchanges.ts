// Cuts exchanges out of recorded bytes and decodes them to record marks: after an arm, outside the lab process.
import { placementOf } from "../model/fidelity.ts";
import type { Placement, Written } from "../model/fidelity.ts";
import type { ArmRecording, Closing, ConnectionRecording, OriginRecording, ProbeRecording, Wire } from "../model/recording.ts";
import type { Arm } from "../model/script.ts";
import type { ArmTrace, EndKind, Exchange } from "../model/trace.ts";
import { codingOf, contentDecoder } from "./content.ts";
import type { Header, RequestHead, ResponseHead } from "./http1.ts";
import { pathOf } from "./origin-head.ts";
import { headerValue, requestParser, responseParser } from "./http1.ts";
import { requestHeader } from "./protocol.ts";

/** Which link a tap's or a probe's place is. */
export interface Places {
  linkOfTap: (tap: number) => number;
  linkOfProbe: (place: string) => number;
  /** Paths that a hop asks for beside the client's request: left out. */
  asides?: readonly string[];
}

/** Decodes one arm. Recordings come from the lab, probes from the hops that have some. */
export const decodeArm = async (
  arm: Arm,
  token: string,
  recording: ArmRecording,
  probes: readonly ProbeRecording[],
  places: Places,
): Promise<ArmTrace> => {
  const written = recording.origin.map((exchange) => writtenBy(arm, exchange));
  const decoded = await decodeWires(token, recording, probes, places);
  return {
    arm,
    startedAt: recording.startedAt,
    endedAt: recording.endedAt,
    origin: recording.origin,
    exchanges: decoded.map((one) => placed(one, placementOf(one.content, written))),
    clients: recording.clients.map(({ startedAt, recordsAt, ended }) => ({ startedAt, recordsAt, ended })),
  };
};

/** An exchange whose content is not compared with anything yet. */
export interface Decoded {
  exchange: Exchange;
  content: Uint8Array;
}

/** Every exchange of an arm, in the order of links and times. */
export const decodeWires = async (
  token: string,
  recording: ArmRecording,
  probes: readonly ProbeRecording[],
  places: Places,
): Promise<Decoded[]> => {
  const decoded: Decoded[] = [];
  for (const connection of recording.connections)
    decoded.push(...(await decodeConnection(connection, places.linkOfTap(connection.tap), token, places.asides ?? [])));
  for (const probe of probes) decoded.push(await decodeProbe(probe, places.linkOfProbe(probe.place), token));
  return decoded.toSorted(({ exchange: a }, { exchange: b }) => a.link - b.link || a.request.at - b.request.at);
};

/** With what the comparison said. */
export const placed = ({ exchange }: Decoded, { nonce, fidelity, ends }: Placement): Exchange => ({
  ...exchange,
  nonce,
  fidelity,
  records: recordTimes(ends, exchange.progress),
});

const unplaced = { nonce: null, fidelity: { kind: "intact" }, records: [] } satisfies Partial<Exchange>;

const writtenBy = (arm: Arm, exchange: OriginRecording): Written => ({
  nonce: exchange.nonce,
  plan: arm.script.body,
  records: exchange.writes.at(-1)?.records ?? 0,
  ended: exchange.endedAt !== null,
});

interface Cut {
  head: RequestHead;
  at: number;
  progress: [at: number, bytes: number][];
}

const decodeConnection = async (
  connection: ConnectionRecording,
  link: number,
  token: string,
  asides: readonly string[],
): Promise<Decoded[]> => {
  const cuts = requestsOn(connection.request);
  const decoded: Decoded[] = [];
  let offset = 0;
  for (const [index, cut] of cuts.entries()) {
    const isLast = index === cuts.length - 1;
    const message = await readResponse(connection, cut.head.method, offset, isLast);
    offset = message.nextOffset;
    if (!carries(cut.head, token) || (link === 0 && asides.includes(pathOf(cut.head.target)))) continue;
    const exchange: Exchange = {
      ...unplaced,
      link,
      connection: connection.connection,
      client: clientOf(cut.head.headers),
      request: {
        at: cut.at,
        method: cut.head.method,
        target: cut.head.target,
        version: cut.head.version,
        headers: pairs(cut.head.headers),
        ...(cut.progress.length > 0 ? { progress: cut.progress } : {}),
      },
      interim: message.interim,
      response: message.response,
      progress: message.progress,
      contentBytes: message.content.byteLength,
      end: message.end,
      problems: message.problems,
      closings: isLast ? connection.closings : [],
      blocked: connection.blocked,
      droppedBytes: connection.response.droppedBytes,
    };
    decoded.push({ exchange, content: message.content });
  }
  return decoded;
};

const carries = (head: RequestHead, token: string): boolean =>
  head.target.includes(token) || (headerValue(head.headers, requestHeader)?.startsWith(token) ?? false);

const clientOf = (headers: readonly Header[]): number | null => {
  const number = Number(headerValue(headers, requestHeader)?.split(".").at(-1) ?? Number.NaN);
  return Number.isInteger(number) ? number : null;
};

const pairs = (headers: readonly Header[]): [string, string][] => headers.map(({ name, value }) => [name, value]);

/** Each read of a wire with its time; reads behind the bytes kept are left out. */
function* readsOf(wire: Wire, from = 0): Generator<{ at: number; bytes: Uint8Array; offset: number }> {
  let start = 0;
  for (let read = 0; read < wire.at.length; read++) {
    const end = Math.min(wire.ends[read] ?? start, wire.bytes.byteLength);
    if (end > from && end > start) {
      const first = Math.max(start, from);
      yield { at: wire.at[read] ?? 0, bytes: wire.bytes.subarray(first, end), offset: first };
    }
    start = end;
  }
}

const requestsOn = (wire: Wire): Cut[] => {
  const parser = requestParser();
  const cuts: Cut[] = [];
  for (const { at, bytes } of readsOf(wire))
    for (const event of parser.push(bytes)) {
      if (event.kind === "head" && "method" in event.head) cuts.push({ head: event.head, at, progress: [] });
      const progress = cuts.at(-1)?.progress;
      if (event.kind === "content") progress?.push([at, (progress.at(-1)?.[1] ?? 0) + event.bytes.length]);
    }
  return cuts;
};

interface Message {
  interim: Exchange["interim"];
  response: Exchange["response"];
  progress: Exchange["progress"];
  content: Uint8Array;
  end: Exchange["end"];
  problems: string[];
  nextOffset: number;
}

const readResponse = async (connection: ConnectionRecording, method: string, from: number, isLast: boolean): Promise<Message> => {
  const wire = connection.response;
  const parser = responseParser({ method });
  const interim: Exchange["interim"] = [];
  const problems: string[] = [];
  const content = progressiveContent();
  let response: Exchange["response"] = null;
  let end: { at: number; kind: EndKind } | null = null;
  let nextOffset = wire.bytes.byteLength;
  let brokenAt: number | null = null;

  const take = async (events: ReturnType<typeof parser.push>, at: number): Promise<void> => {
    const parts: Uint8Array[] = [];
    for (const event of events) {
      if (event.kind === "interim") interim.push({ status: event.head.status, at });
      else if (event.kind === "head") {
        const head = event.head as ResponseHead;
        response = {
          at,
          version: head.version,
          status: head.status,
          headers: pairs(head.headers),
          framing: event.framing,
          contentLength: event.contentLength,
        };
        content.coding(event.framing === "none" ? "identity" : codingOf(head.headers));
      } else if (event.kind === "content") parts.push(event.bytes);
      else if (event.kind === "end") {
        end = { at, kind: endKindOf(response?.framing ?? "none") };
        nextOffset = from + event.offset;
      } else if (event.kind === "problem") {
        problems.push(event.problem);
        brokenAt ??= at;
      } else if (event.kind === "excess" && isLast) problems.push(`${event.bytes} stray bytes behind the end of the response`);
    }
    if (parts.length > 0) await content.push(parts, at);
  };
  let lastAt = connection.openedAt;
  for (const { at, bytes } of readsOf(wire, from)) {
    if (end && !isLast) break;
    lastAt = at;
    await take(parser.push(bytes), at);
  }
  const closing = connection.closings.find(({ by }) => by === "upstream");
  if (!end) end = await endOfOpen(parser, closing, take, () => end, brokenAt, lastAt, isLast);
  const finished = await content.finish();
  problems.push(...finished.problems);
  return {
    interim,
    response,
    progress: finished.progress,
    content: finished.bytes,
    end: { ...end, codingComplete: finished.complete },
    problems,
    nextOffset,
  };
};

const endKindOf = (framing: string): EndKind =>
  framing === "chunked" ? "last-chunk" : framing === "content-length" ? "length" : framing === "close" ? "fin-delimited" : "no-body";

const endOfOpen = async (
  parser: ReturnType<typeof responseParser>,
  closing: Closing | undefined,
  take: (events: ReturnType<typeof parser.push>, at: number) => Promise<void>,
  ended: () => { at: number; kind: EndKind } | null,
  brokenAt: number | null,
  lastAt: number,
  isLast: boolean,
): Promise<{ at: number; kind: EndKind }> => {
  if (brokenAt !== null) return { at: brokenAt, kind: "malformed" };
  if (!closing || !isLast) return { at: lastAt, kind: "open" };
  if (closing.how === "reset") return { at: closing.at, kind: "cut-by-reset" };
  const events = parser.close().filter((event) => event.kind !== "problem");
  await take(events, closing.at);
  return ended() ?? { at: closing.at, kind: "cut-by-fin" };
};

/** Decodes content read by read; how many bytes had come out by when. */
const progressiveContent = () => {
  let decoder = contentDecoder("identity");
  let coded = false;
  const parts: Uint8Array[] = [];
  const progress: [number, number][] = [];
  const problems: string[] = [];
  let bytes = 0;
  const keep = (part: Uint8Array, at: number): void => {
    if (part.byteLength === 0) return;
    parts.push(part);
    bytes += part.byteLength;
    progress.push([at, bytes]);
  };
  return {
    coding: (coding: ReturnType<typeof codingOf>): void => {
      if (coding === "unknown") problems.push("the content coding is none that can be decoded");
      coded = coding !== "identity" && coding !== "unknown";
      decoder = contentDecoder(coding === "unknown" ? "identity" : coding);
    },
    push: async (pieces: readonly Uint8Array[], at: number): Promise<void> => {
      const joined = pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
      keep(coded ? await decoder.push(joined) : joined, at);
    },
    finish: async (): Promise<{ bytes: Buffer; progress: [number, number][]; complete: boolean | null; problems: string[] }> => {
      let complete: boolean | null = null;
      if (coded) {
        const last = await decoder.finish();
        keep(last.bytes, progress.at(-1)?.[0] ?? 0);
        complete = last.complete;
        if (last.problem !== null && complete) problems.push(last.problem);
      }
      return { bytes: Buffer.concat(parts), progress, complete, problems };
    },
  };
};

const recordTimes = (ends: Placement["ends"], progress: readonly [number, number][]): (number | null)[] => {
  let read = 0;
  return ends.map((end) => {
    if (end === null) return null;
    // Altered content may carry a record again out of order: start over where the ends fall back.
    if (read > 0 && (progress[read - 1]?.[1] ?? 0) >= end) read = 0;
    while (read < progress.length && (progress[read]?.[1] ?? 0) < end) read++;
    return progress[read]?.[0] ?? null;
  });
};

const decodeProbe = async (probe: ProbeRecording, link: number, token: string): Promise<Decoded> => {
  const content = progressiveContent();
  const headers = probe.headers.map(([name, value]) => ({ name, value }));
  content.coding(codingOf(headers));
  for (const { at, bytes } of readsOf(probe.content)) await content.push([bytes], at);
  const finished = await content.finish();
  const client = Number(probe.request.split(".").at(-1));
  const lastAt = finished.progress.at(-1)?.[0] ?? probe.headersAt ?? probe.requestedAt;
  const length = headerValue(headers, "content-length");
  const { ended } = probe;
  const end: { at: number; kind: EndKind } =
    ended === null || ended.how === "close"
      ? { at: lastAt, kind: "open" }
      : { at: ended.at, kind: ended.how === "end" ? "last-chunk" : "cut-by-reset" };
  // A close that nobody nearer the origin asked for came from the client's side.
  const closings: Closing[] =
    ended === null || ended.how === "end" ? [] : [{ at: ended.at, by: ended.how === "close" ? "downstream" : "upstream", how: "reset" }];
  const exchange: Exchange = {
    ...unplaced,
    link,
    connection: null,
    client: Number.isInteger(client) ? client : null,
    request: { at: probe.requestedAt, method: "GET", target: token, version: "1.1", headers: [] },
    interim: [],
    response:
      probe.status === null || probe.headersAt === null
        ? null
        : {
            at: probe.headersAt,
            version: "1.1",
            status: probe.status,
            headers: probe.headers,
            framing: length === null ? "chunked" : "content-length",
            contentLength: length === null ? null : Number(length),
          },
    progress: finished.progress,
    contentBytes: finished.bytes.byteLength,
    end: { ...end, codingComplete: finished.complete },
    problems: finished.problems,
    closings,
    blocked: [],
    droppedBytes: probe.content.droppedBytes,
  };
  return { exchange, content: finished.bytes };
};
