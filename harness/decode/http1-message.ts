// The events of the HTTP/1 parser. Offsets count wire bytes from the start of the parser to the end of the event's bytes.

export interface Header {
  name: string;
  value: string;
}

export type Framing = "none" | "content-length" | "chunked" | "close" | "tunnel";

export interface MessageHead {
  version: "1.0" | "1.1";
  headers: Header[];
  bytes: number;
}

export interface RequestHead extends MessageHead {
  method: string;
  target: string;
}

export interface ResponseHead extends MessageHead {
  status: number;
  reason: string;
}

export type MessageEvent =
  | { kind: "interim"; head: ResponseHead; offset: number }
  | {
      kind: "head";
      head: RequestHead | ResponseHead;
      framing: Framing;
      /** The declared length, also if no body follows (HEAD, 304). */
      contentLength: number | null;
      offset: number;
    }
  /** A view of the pushed bytes, not a copy: without the chunked framing, still content-coded. */
  | { kind: "content"; bytes: Uint8Array; offset: number }
  | { kind: "trailers"; headers: Header[]; offset: number }
  | { kind: "end"; offset: number }
  /** The offset is after the byte that shows the fault; the sentence names the faulty byte. */
  | { kind: "problem"; problem: string; offset: number }
  | { kind: "excess"; bytes: number; offset: number };

/** Several fields of one name are joined in their order (RFC 9110 §5.2). */
export function headerValue(headers: readonly Header[], name: string): string | null {
  const wanted = name.toLowerCase();
  const values = headers.filter((header) => header.name.toLowerCase() === wanted).map((header) => header.value);
  return values.length === 0 ? null : values.join(", ");
}

/** Of a request's target: without the query. */
export const pathOf = (target: string): string => target.split("?", 1)[0] ?? target;

/** Thrown and caught inside the parser only; callers see a "problem" event. */
export class Malformed extends Error {
  readonly offset: number;

  constructor(fault: string, at: number, offset: number = at + 1) {
    super(`${fault} at byte ${at}`);
    this.offset = offset;
  }
}

export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
