// What a real application was given, as the exchange on link 0: it asked for its records one by one, so that no single response carried them.
import { bodyOf, recordOffsets } from "../model/body.ts";
import type { OriginRecording } from "../model/recording.ts";
import { isBodyless } from "../model/script.ts";
import type { Case } from "../model/script.ts";
import type { Exchange } from "../model/trace.ts";

/** Of every request at the application, in the order in which they came. */
export const fedExchanges = (recordings: readonly OriginRecording[], trialCase: Case, decoded: readonly Exchange[]): Exchange[] => {
  const seen = new Map<number, number>();
  return recordings.map((recording) => {
    const client = clientOf(recording);
    const nth = seen.get(client) ?? 0;
    seen.set(client, nth + 1);
    const exchange = fedExchange(recording, trialCase, decoded.filter((one) => one.link === 1 && one.client === client)[nth]);
    return isBodyless(trialCase) ? withoutBody(exchange) : exchange;
  });
};

/** What was handed over is not to be sent: a HEAD, a 204 and a 304 have no content, however many items the application has. */
const withoutBody = (exchange: Exchange): Exchange => ({
  ...exchange,
  response: exchange.response && { ...exchange.response, framing: "none" },
  records: [],
  progress: [],
  contentBytes: 0,
  end: { ...exchange.end, kind: "no-body" },
});

const clientOf = ({ request }: OriginRecording): number => request?.client ?? 0;

/** `sent`: what the application made of it, on link 1. It decides on its status and its header section: there is nothing to compare them with. */
const fedExchange = (recording: OriginRecording, { script }: Case, sent: Exchange | undefined): Exchange => {
  const { writes, headersAt, aborted, gone, nonce } = recording;
  const offsets = recordOffsets(script.body.recordBytes);
  const records = writes.at(-1)?.records ?? 0;
  const contentBytes = bodyOf(nonce, script.body, records, recording.endedAt !== null).byteLength;
  const progress = writes.map(({ at, records: upTo }): [number, number] => [at, offsets[upTo] ?? contentBytes]);
  if (recording.endedAt !== null && contentBytes > (progress.at(-1)?.[1] ?? 0)) progress.push([recording.endedAt, contentBytes]);
  const lastAt = progress.at(-1)?.[0] ?? recording.startedAt;
  const leftAt = gone?.at ?? null;
  return {
    link: 0,
    connection: null,
    client: clientOf(recording),
    request: sent
      ? { ...sent.request, at: recording.startedAt }
      : { at: recording.startedAt, method: "GET", target: "", version: "1.1", headers: [] },
    interim: [],
    response:
      headersAt === null
        ? null
        : {
            // It sends its header section when it likes: that may be before the script would have it sent.
            at: Math.min(headersAt, sent?.response?.at ?? Infinity),
            version: "1.1",
            status: script.status,
            headers: sent?.response?.status === script.status ? uncoded(sent.response.headers) : [],
            framing: "chunked",
            contentLength: null,
          },
    nonce,
    records: writes.flatMap(({ at, records: upTo }, index) => repeat(at, upTo - (writes[index - 1]?.records ?? 0))),
    progress,
    contentBytes,
    fidelity: { kind: "intact" },
    end:
      recording.endedAt !== null
        ? { at: recording.endedAt, kind: "last-chunk", codingComplete: null }
        : aborted !== null
          ? { at: aborted.at, kind: "cut-by-fin", codingComplete: null }
          : { at: leftAt ?? lastAt, kind: leftAt === null ? "open" : "cut-by-fin", codingComplete: null },
    problems: [],
    closings: [
      ...(aborted ? [{ at: aborted.at, by: "upstream" as const, how: "fin" as const }] : []),
      ...(leftAt === null ? [] : [{ at: leftAt, by: "downstream" as const, how: "fin" as const }]),
    ],
    blocked: [],
    droppedBytes: 0,
  };
};

const repeat = (at: number, times: number): number[] => Array.from({ length: times }, () => at);

/** What it was given had no content coding. */
const uncoded = (headers: [string, string][]): [string, string][] => headers.filter(([name]) => name.toLowerCase() !== "content-encoding");
