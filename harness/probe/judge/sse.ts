// Events of a text/event-stream (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream). Pure.
import type { Span } from "./span.ts";

/** Blocks up to a blank line. A block without data is a heartbeat, and so is an event that is named as one. */
export const sseRecords = (text: string): Span[] => {
  const spans: Span[] = [];
  let lines: string[] = [];
  for (const { line, endsAt } of linesOf(text)) {
    if (line !== "") {
      lines.push(line);
      continue;
    }
    if (lines.length > 0) spans.push({ endsAt, ...blockOf(lines) });
    lines = [];
  }
  return spans;
};

/** A line ends with CRLF, LF or CR. */
function* linesOf(text: string): Generator<{ line: string; endsAt: number }> {
  const ends = /\r\n|\n|\r/g;
  let from = 0;
  for (let end = ends.exec(text); end; end = ends.exec(text)) {
    yield { line: text.slice(from, end.index), endsAt: ends.lastIndex };
    from = ends.lastIndex;
  }
}

const blockOf = (lines: readonly string[]): Pick<Span, "kind" | "text"> => {
  const valuesOf = (field: string): string[] =>
    lines.flatMap((line) => (line === field ? [""] : line.startsWith(`${field}:`) ? [line.slice(field.length + 1).replace(/^ /, "")] : []));
  const data = valuesOf("data");
  const name = valuesOf("event").at(-1) ?? "";
  const isHeartbeat = data.length === 0 || /^(ping|heartbeat|keep-?alive)$/i.test(name);
  return { kind: isHeartbeat ? "heartbeat" : "data", text: data.join("\n") };
};
