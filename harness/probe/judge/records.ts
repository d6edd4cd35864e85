// Splits content into what the application wrote: events, lines, or else chunks as they arrived. Pure.
import { headerValue } from "../../decode/http1-message.ts";
import type { Observed } from "./observation.ts";
import type { Span } from "./span.ts";
import { sseRecords } from "./sse.ts";

export type Unit = "event" | "line" | "chunk";

export interface Arrival {
  /** When its last byte was there. */
  atMs: number;
  kind: Span["kind"];
  text: string;
}

export interface Records {
  unit: Unit;
  arrivals: Arrival[];
  /** Bytes of an unfinished record after the last one. */
  leftBytes: number;
}

export const recordsOf = (observed: Observed): Records => {
  const type = (observed.head === null ? null : headerValue(observed.head.headers, "content-type")) ?? "";
  const unit = unitOf(type.toLowerCase());
  if (unit === "chunk" || observed.coding === "unknown") return { unit: "chunk", arrivals: chunksOf(observed), leftBytes: 0 };
  const text = Buffer.from(observed.content.buffer, observed.content.byteOffset, observed.content.byteLength).toString("latin1");
  const spans = unit === "event" ? sseRecords(text) : linesIn(text);
  return { unit, arrivals: timed(spans, observed.progress), leftBytes: text.length - (spans.at(-1)?.endsAt ?? 0) };
};

/** https://html.spec.whatwg.org/multipage/server-sent-events.html, https://github.com/ndjson/ndjson-spec */
const unitOf = (type: string): Unit => {
  if (type.startsWith("text/event-stream")) return "event";
  return /ndjson|jsonl|json-?lines|stream\+json|json-seq|text\/csv/.test(type) ? "line" : "chunk";
};

const linesIn = (text: string): Span[] => {
  const spans: Span[] = [];
  for (let from = 0, to = text.indexOf("\n"); to >= 0; from = to + 1, to = text.indexOf("\n", from)) {
    const line = text.slice(from, to).replace(/\r$/, "");
    const isHeartbeat = line.trim() === "" || /^\{"(type|event)":\s*"(ping|heartbeat|keep-?alive)"/i.test(line);
    spans.push({ endsAt: to + 1, kind: isHeartbeat ? "heartbeat" : "data", text: line });
  }
  return spans;
};

const chunksOf = ({ progress }: Observed): Arrival[] => progress.map(([atMs]) => ({ atMs, kind: "data", text: "" }));

const timed = (spans: readonly Span[], progress: Observed["progress"]): Arrival[] => {
  let piece = 0;
  return spans.map(({ endsAt, kind, text }) => {
    while (piece < progress.length - 1 && (progress[piece]?.[1] ?? 0) < endsAt) piece++;
    return { atMs: progress[piece]?.[0] ?? 0, kind, text };
  });
};
