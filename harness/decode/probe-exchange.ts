// What a probe between two middlewares saw, as an exchange.
import type { Closing, ProbeRecording } from "../model/recording.ts";
import type { EndKind, Exchange } from "../model/trace.ts";
import { manyMembers, progressiveContent } from "./content-progress.ts";
import { codingOf } from "./content.ts";
import { unplaced } from "./decoded.ts";
import type { Decoded } from "./decoded.ts";
import { readsOf } from "./wire-reads.ts";

export const decodeProbe = async (probe: ProbeRecording, link: number, token: string): Promise<Decoded> => {
  const content = progressiveContent();
  const headers = probe.headers.map(([name, value]) => ({ name, value }));
  content.coding(codingOf(headers));
  for (const { at, bytes } of readsOf(probe.content)) await content.push([bytes], at);
  const finished = await content.finish();
  const lastAt = finished.progress.at(-1)?.[0] ?? probe.headersAt ?? probe.requestedAt;
  const { ended } = probe;
  const end: { at: number; kind: EndKind } =
    ended === null || ended.how === "close"
      ? { at: lastAt, kind: "open" }
      : { at: ended.at, kind: ended.how === "end" ? "last-chunk" : "cut-by-reset" };
  // A close that did not come from the origin's side came from the client's.
  const closings: Closing[] =
    ended === null || ended.how === "end" ? [] : [{ at: ended.at, by: ended.how === "close" ? "downstream" : "upstream", how: "reset" }];
  const exchange: Exchange = {
    ...unplaced,
    link,
    connection: null,
    client: probe.request.client,
    request: { at: probe.requestedAt, method: "GET", target: token, version: "1.1", headers: [] },
    interim: [],
    response: responseOf(probe),
    progress: finished.progress,
    contentBytes: finished.bytes.byteLength,
    end: { ...end, codingComplete: finished.complete },
    problems: finished.problems,
    closings,
    blocked: [],
    droppedBytes: probe.content.droppedBytes,
    ...manyMembers(finished.members),
  };
  return { exchange, content: finished.bytes };
};

const responseOf = ({ status, headers, headersAt }: ProbeRecording): Exchange["response"] => {
  if (status === null || headersAt === null) return null;
  const length = headers.find(([name]) => name.toLowerCase() === "content-length")?.[1];
  return {
    at: headersAt,
    version: "1.1",
    status,
    headers,
    framing: length === undefined ? "chunked" : "content-length",
    contentLength: length === undefined ? null : Number(length),
  };
};
