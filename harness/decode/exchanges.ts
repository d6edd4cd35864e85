// Cuts exchanges out of recorded bytes and decodes them: after a case, outside the lab process.
import { placementOf } from "../model/fidelity.ts";
import type { Written } from "../model/fidelity.ts";
import type { CaseRecording, ClientRecording, ConnectionRecording, OriginRecording, ProbeRecording, Wire } from "../model/recording.ts";
import type { RequestId } from "../model/request-id.ts";
import { readRequestId, requestHeader } from "../model/request-id.ts";
import type { Case } from "../model/script.ts";
import type { CaseTrace, Exchange } from "../model/trace.ts";
import { manyMembers } from "./content-progress.ts";
import { placed, unplaced } from "./decoded.ts";
import type { Decoded } from "./decoded.ts";
import { headerValue, pathOf, requestParser } from "./http1.ts";
import type { Header, RequestHead } from "./http1.ts";
import { fedExchanges } from "./feed-exchanges.ts";
import { decodeProbe } from "./probe-exchange.ts";
import { pairs, readResponse } from "./response-of.ts";
import { readsOf } from "./wire-reads.ts";
import { withClients } from "./unmarked.ts";

/** The links of taps and probes. */
export interface Places {
  linkOfTap: (tap: number) => number;
  linkOfProbe: (place: string) => number;
  /** Paths of subrequests, which are left out. */
  subrequests?: readonly string[];
  /** The first hop is a real application that asks for its records one by one, which is link 0. */
  fed?: object;
}

/** Decodes one case, from the recording of the lab and of the probes. */
export const decodeCase = async (
  trialCase: Case,
  token: string,
  recording: CaseRecording,
  probes: readonly ProbeRecording[],
  places: Places,
): Promise<CaseTrace> => {
  const written = recording.origin.map((exchange) => writtenBy(trialCase, exchange));
  const decoded = await decodeWires(token, places.fed ? withoutQuestions(recording) : recording, probes, places);
  const fed = places.fed
    ? fedExchanges(
        recording.origin,
        trialCase,
        decoded.map(({ exchange }) => exchange),
      )
    : [];
  return {
    case: trialCase,
    startedAt: recording.startedAt,
    endedAt: recording.endedAt,
    origin: recording.origin,
    ...(recording.strangers ? { strangers: recording.strangers } : {}),
    exchanges: [...fed, ...withClients(decoded.map((one) => placed(one, placementOf(one.content, written))))],
    clients: recording.clients.map(clientTrace),
  };
};

export const clientTrace = ({ startedAt, recordsAt, ended, readOnAt }: ClientRecording): CaseTrace["clients"][number] => ({
  startedAt,
  recordsAt,
  ended,
  ...(readOnAt === undefined ? {} : { readOnAt }),
});

/** An application's requests to the lab are none of its responses. */
const withoutQuestions = (recording: CaseRecording): CaseRecording => ({
  ...recording,
  connections: recording.connections.filter(({ tap }) => tap !== 0),
});

/** Every exchange of a case, in the order of links and times. */
export const decodeWires = async (
  token: string,
  recording: CaseRecording,
  probes: readonly ProbeRecording[],
  places: Places,
): Promise<Decoded[]> => {
  const decoded: Decoded[] = [];
  for (const connection of recording.connections)
    decoded.push(...(await decodeConnection(connection, places.linkOfTap(connection.tap), token, places)));
  for (const probe of probes) decoded.push(await decodeProbe(probe, places.linkOfProbe(probe.place), token));
  return decoded.toSorted(({ exchange: a }, { exchange: b }) => a.link - b.link || a.request.at - b.request.at);
};

const writtenBy = (trialCase: Case, exchange: OriginRecording): Written => ({
  nonce: exchange.nonce,
  plan: trialCase.script.body,
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
  { subrequests = [], fed }: Places,
): Promise<Decoded[]> => {
  const cuts = requestsOn(connection.request);
  const decoded: Decoded[] = [];
  let offset = 0;
  for (const [index, cut] of cuts.entries()) {
    const isLast = index === cuts.length - 1;
    const message = await readResponse(connection, cut.head.method, offset, isLast);
    offset = message.nextOffset;
    if (!carries(cut.head, token) || (link === 0 && subrequests.includes(pathOf(cut.head.target)))) continue;
    const exchange: Exchange = {
      ...unplaced,
      link,
      connection: connection.connection,
      client: idOf(cut.head.headers)?.client ?? null,
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
      ...(index > 0 || connection.isReused ? { isReused: true } : {}),
      ...manyMembers(message.members),
      ...(fed && message.response?.framing === "chunked" ? { chunks: message.chunks } : {}),
    };
    decoded.push({ exchange, content: message.content });
  }
  return decoded;
};

const carries = (head: RequestHead, token: string): boolean => head.target.includes(token) || idOf(head.headers)?.token === token;

const idOf = (headers: readonly Header[]): RequestId | null => {
  const mark = headerValue(headers, requestHeader);
  return mark === null ? null : readRequestId(mark);
};

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
