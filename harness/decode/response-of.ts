// Decodes one response from the bytes of a connection.
import type { Closing, ConnectionRecording } from "../model/recording.ts";
import type { EndKind, Exchange, Problem } from "../model/trace.ts";
import { progressiveContent } from "./content-progress.ts";
import { codingOf } from "./content.ts";
import { responseParser } from "./http1.ts";
import type { Header, MessageEvent, ResponseHead } from "./http1.ts";
import { readsOf } from "./wire-reads.ts";

export const pairs = (headers: readonly Header[]): [string, string][] => headers.map(({ name, value }) => [name, value]);

export interface Message {
  interim: Exchange["interim"];
  response: Exchange["response"];
  progress: Exchange["progress"];
  content: Uint8Array;
  end: Exchange["end"];
  problems: Problem[];
  members: number;
  /** With content. */
  chunks: number;
  nextOffset: number;
}

export const readResponse = async (connection: ConnectionRecording, method: string, from: number, isLast: boolean): Promise<Message> => {
  const wire = connection.response;
  const parser = responseParser({ method });
  const interim: Exchange["interim"] = [];
  const problems: Problem[] = [];
  const content = progressiveContent();
  let response: Exchange["response"] = null;
  let end: { at: number; kind: EndKind } | null = null;
  let nextOffset = wire.bytes.byteLength;
  let brokenAt: number | null = null;
  let chunks = 0;
  let contentOffset = -1;

  const take = async (events: ReturnType<typeof parser.push>, at: number): Promise<void> => {
    const parts: Uint8Array[] = [];
    for (const event of events) {
      if (event.kind === "interim") interim.push({ status: event.head.status, at });
      else if (event.kind === "head") {
        const head = event.head as ResponseHead;
        response = responseOf(head, event, at);
        content.coding(event.framing === "none" ? "identity" : codingOf(head.headers));
      } else if (event.kind === "content") {
        parts.push(event.bytes);
        // Between two chunks there is framing.
        if (event.offset - event.bytes.length !== contentOffset) chunks++;
        contentOffset = event.offset;
      } else if (event.kind === "end") {
        end = { at, kind: endKindOf(response?.framing ?? "none") };
        nextOffset = from + event.offset;
      } else if (event.kind === "problem") {
        problems.push({ code: "syntax", words: event.problem });
        brokenAt ??= at;
      } else if (event.kind === "excess" && isLast)
        problems.push({ code: "stray-bytes", words: `${event.bytes} stray bytes after the end of the response` });
    }
    if (parts.length > 0) await content.push(parts, at);
  };
  let lastAt = connection.openedAt;
  for (const { at, bytes } of readsOf(wire, from)) {
    if (end && !(isLast && hasClient(connection, at))) break;
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
    members: finished.members,
    chunks,
    nextOffset,
  };
};

/** What is sent to a client that has closed its idle connection is part of no response: some servers answer even to that. */
const hasClient = ({ closings }: Pick<ConnectionRecording, "closings">, at: number): boolean =>
  !closings.some((closing) => closing.by === "downstream" && closing.at < at);

const responseOf = (
  head: ResponseHead,
  { framing, contentLength }: Extract<MessageEvent, { kind: "head" }>,
  at: number,
): Exchange["response"] => ({
  at,
  version: head.version,
  status: head.status,
  headers: pairs(head.headers),
  framing,
  contentLength,
});

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
  // For a close-delimited body, an end without a close_notify is a truncation.
  const isCut = (kind: string): boolean => kind === "problem" || (kind === "end" && closing.closeNotify === false);
  const events = parser.close().filter(({ kind }) => !isCut(kind));
  await take(events, closing.at);
  return ended() ?? { at: closing.at, kind: "cut-by-fin" };
};
