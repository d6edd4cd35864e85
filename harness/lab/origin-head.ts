// What the origin sends before and after a body.
import { createHash } from "node:crypto";
import { STATUS_CODES } from "node:http";
import { closing, contentTypes } from "../model/body.ts";
import type { HeaderList, OriginFraming, Script } from "../model/script.ts";
import { headerValue, type RequestHead } from "../decode/http1.ts";

export interface ResponseShape {
  head: Buffer;
  /** `none`: this response has no body, whatever the script writes. */
  framing: OriginFraming | "none";
  /** The response ends the connection. */
  closes: boolean;
}

export const shapeOf = (script: Script, request: RequestHead): ResponseShape => {
  if (script.status === 101) return upgradeTo(script, request);
  const isOld = script.version === "1.0" || request.version === "1.0";
  const framing = isOld && script.framing === "chunked" ? "close" : script.framing;
  const hasNoContent = script.status === 204 || script.status === 304;
  const closes = isOld || framing === "close" || closesAfter(request);
  const own: HeaderList = [["Date", new Date().toUTCString()]];
  if (!hasNoContent) {
    own.push(["Content-Type", script.contentType ?? contentTypes[script.body.format]]);
    if (framing === "chunked") {
      own.push(["Transfer-Encoding", "chunked"]);
      if (script.trailers.length > 0) own.push(["Trailer", script.trailers.map(([name]) => name).join(", ")]);
    }
    if (framing === "content-length") own.push(["Content-Length", String(contentLengthOf(script))]);
  }
  if (closes) own.push(["Connection", "close"]);
  const given = new Set(script.headers.map(([name]) => name.toLowerCase()));
  const headers = [...own.filter(([name]) => !given.has(name.toLowerCase())), ...script.headers];
  return {
    head: headOf(script.version, script.status, headers),
    framing: hasNoContent || request.method === "HEAD" ? "none" : framing,
    closes,
  };
};

export const headOf = (version: string, status: number, headers: HeaderList): Buffer => {
  const fields = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return Buffer.from(`HTTP/${version} ${status} ${STATUS_CODES[status] ?? ""}\r\n${fields}\r\n`, "latin1");
};

/** The handshake of RFC 6455 §4.2.2. The bytes of the body follow without framing. */
const upgradeTo = (script: Script, request: RequestHead): ResponseShape => {
  const key = headerValue(request.headers, "sec-websocket-key") ?? "";
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  const headers: HeaderList = [
    ["Connection", "Upgrade"],
    ["Upgrade", "websocket"],
    ["Sec-WebSocket-Accept", accept],
  ];
  return { head: headOf("1.1", 101, [...headers, ...script.headers]), framing: "close", closes: true };
};

/** The answer of an application to a request without an upgrade. */
export const mayUpgrade = ({ version, headers }: RequestHead): boolean =>
  version === "1.1" &&
  headerValue(headers, "upgrade")?.toLowerCase() === "websocket" &&
  /(^|[,\s])upgrade([,\s]|$)/i.test(headerValue(headers, "connection") ?? "");

/** A small complete response, for requests without a script. */
export const shortResponse = (status: number, text: string, request: RequestHead | null): Buffer => {
  const headers: HeaderList = [
    ["Content-Type", "text/plain"],
    ["Content-Length", String(Buffer.byteLength(text))],
  ];
  if (request === null || closesAfter(request)) headers.push(["Connection", "close"]);
  return Buffer.concat([headOf("1.1", status, headers), Buffer.from(request?.method === "HEAD" ? "" : text)]);
};

export const chunkOf = (bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);

/** The end of the body format, and of the framing. */
export const tailOf = (script: Script, framing: ResponseShape["framing"]): Buffer => {
  if (framing === "none") return Buffer.alloc(0);
  const last = Buffer.from(closing(script.body.format));
  if (framing !== "chunked") return last;
  const trailers = script.trailers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return Buffer.concat([last.length > 0 ? chunkOf(last) : last, Buffer.from(`0\r\n${trailers}\r\n`, "latin1")]);
};

const contentLengthOf = ({ body }: Script): number => body.recordBytes.reduce((sum, bytes) => sum + bytes, closing(body.format).length);

/** Whether this request is the last on its connection (RFC 9112 §9.3). */
export const closesAfter = ({ version, headers }: RequestHead): boolean =>
  version === "1.0" ||
  (headerValue(headers, "connection") ?? "")
    .toLowerCase()
    .split(",")
    .some((token) => token.trim() === "close");
