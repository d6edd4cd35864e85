import { type Framing, type Header, headerValue, Malformed, quoted, type RequestHead, type ResponseHead } from "./http1-message.ts";
import { TOKEN, trimWhitespace } from "./http1-lines.ts";

type StatusLine = Pick<ResponseHead, "version" | "status" | "reason">;
type RequestLine = Pick<RequestHead, "version" | "method" | "target">;

// The space after the status is required even without a reason (RFC 9112 §4). 600 to 999 are invalid, but a client treats them as a 5xx
// (RFC 9110 §15), so they are an answer; below 100 there is no meaning.
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9][0-9][0-9]) ([\t\x20-\x7e\x80-\xff]*)$/;
const REQUEST_LINE = new RegExp(`^(${TOKEN}) ([\\x21-\\x7e]+) HTTP/1\\.([01])$`);

export function statusLine(line: string, at: number): StatusLine {
  const [, minor, status, reason] = STATUS_LINE.exec(line) ?? [];
  if (minor === undefined || status === undefined || reason === undefined) {
    throw new Malformed(
      `status line ${quoted(line)} that is not "HTTP/1.0 or 1.1, space, 100 to 999, space, reason"`,
      at,
      at + line.length + 2,
    );
  }
  return { version: minor === "0" ? "1.0" : "1.1", status: Number(status), reason };
}

export function requestLine(line: string, at: number): RequestLine {
  const [, method, target, minor] = REQUEST_LINE.exec(line) ?? [];
  if (method === undefined || target === undefined || minor === undefined) {
    throw new Malformed(
      `request line ${quoted(line)} that is not "method, space, target, space, HTTP/1.0 or 1.1"`,
      at,
      at + line.length + 2,
    );
  }
  return { version: minor === "0" ? "1.0" : "1.1", method, target };
}

export interface BodyFraming {
  framing: Framing;
  contentLength: number | null;
}

/** RFC 9112 §6.3 for a response to `method`; `after` is the wire offset after the head. */
export function responseFraming(head: ResponseHead, method: string, after: number): BodyFraming {
  // A client must ignore both fields in a 2xx to CONNECT.
  if (method === "CONNECT" && head.status >= 200 && head.status < 300) return { framing: "tunnel", contentLength: null };
  const { chunked, contentLength } = declared(head, after);
  if (head.status === 101) return { framing: "tunnel", contentLength };
  // These end with their head, whatever they declare.
  const bodiless = method === "HEAD" || head.status < 200 || head.status === 204 || head.status === 304;
  if (bodiless) return { framing: "none", contentLength };
  if (chunked) return { framing: "chunked", contentLength };
  return { framing: contentLength === null ? "close" : "content-length", contentLength };
}

/** RFC 9112 §6.3 for a request, which is never close-delimited. */
export function requestFraming(head: RequestHead, after: number): BodyFraming {
  const { chunked, contentLength } = declared(head, after);
  if (head.method === "CONNECT") return { framing: "tunnel", contentLength };
  if (chunked) return { framing: "chunked", contentLength };
  return { framing: contentLength === null ? "none" : "content-length", contentLength };
}

function declared(head: RequestHead | ResponseHead, after: number): { chunked: boolean; contentLength: number | null } {
  const coding = headerValue(head.headers, "transfer-encoding");
  const contentLength = contentLengthOf(head.headers, after);
  if (coding === null) return { chunked: false, contentLength };
  if (head.version === "1.0") {
    throw new Malformed(`Transfer-Encoding ${quoted(coding)} in an HTTP/1.0 message, in the head that ends`, after, after);
  }
  if (contentLength !== null) {
    throw new Malformed(
      `doubled framing, Transfer-Encoding ${quoted(coding)} beside Content-Length ${contentLength}, in the head that ends`,
      after,
      after,
    );
  }
  // Duplicated ("chunked, chunked") and combined codings ("gzip, chunked") may not be sent without a TE that offers them.
  if (coding.toLowerCase() !== "chunked") {
    throw new Malformed(`Transfer-Encoding ${quoted(coding)} instead of "chunked", in the head that ends`, after, after);
  }
  return { chunked: true, contentLength };
}

/** Identical repeated values count as one (RFC 9112 §6.3, rule 5). */
function contentLengthOf(headers: readonly Header[], after: number): number | null {
  const field = headerValue(headers, "content-length");
  if (field === null) return null;
  const lengths = new Set(field.split(",").map((value) => lengthValue(trimWhitespace(value))));
  const [length] = lengths;
  if (length === undefined || Number.isNaN(length) || lengths.size > 1) {
    const fault = lengths.size > 1 ? "differing or invalid Content-Length values" : "invalid Content-Length";
    throw new Malformed(`${fault} ${quoted(field)} in the head that ends`, after, after);
  }
  return length;
}

function lengthValue(text: string): number {
  const length = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(length) ? length : Number.NaN;
}
