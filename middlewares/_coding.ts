// Shared by middlewares that encode the content: when they may, and the encoder between handler and response.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { beforeHead } from "./_before-head.ts";

export interface Coder<Encoder extends Duplex> {
  /** Content of other types is not encoded. */
  codes?: (contentType: string) => boolean;
  encoder: () => Encoder;
  afterWrite?: (encoder: Encoder) => void;
}

/** Passes the handler's writes through a gzip encoder, if the client accepts gzip and the response allows it. */
export const codeContent = <Encoder extends Duplex>(request: IncomingMessage, response: ServerResponse, coder: Coder<Encoder>): void => {
  const { write, end } = response;
  let encoder: Encoder | undefined;

  beforeHead(response, () => {
    if (!transformable(request, response)) return;
    if (coder.codes?.(String(response.getHeader("Content-Type") ?? "")) === false) return;
    response.appendHeader("Vary", "Accept-Encoding");
    if (!acceptsGzip(request.headers["accept-encoding"])) return;
    encoder = coder.encoder();
    join(encoder, response, write, end);
  });

  response.write = function (...args: unknown[]) {
    if (!response.headersSent) response.writeHead(response.statusCode);
    const more = Reflect.apply(encoder?.write ?? write, encoder ?? response, args);
    if (encoder) coder.afterWrite?.(encoder);
    return more;
  } as typeof write;

  response.end = function (...args: unknown[]) {
    const [data, encoding] = args;
    if (!response.headersSent) {
      // As node:http does for a response with a single `end(data)`.
      const bytes = typeof data === "string" ? Buffer.byteLength(data, encoding as BufferEncoding) : (data as Buffer | undefined)?.length;
      if (bytes !== undefined && !response.hasHeader("Content-Length")) response.setHeader("Content-Length", bytes);
      response.writeHead(response.statusCode);
    }
    Reflect.apply((encoder?.end ?? end) as typeof end, encoder ?? response, args);
    return response;
  } as typeof end;
};

/** Backpressure in both directions: a full response pauses the encoder, and a full encoder pauses the handler. */
const join = (encoder: Duplex, response: ServerResponse, write: ServerResponse["write"], end: ServerResponse["end"]): void => {
  const etag = response.getHeader("ETag");
  response.setHeader("Content-Encoding", "gzip");
  response.removeHeader("Content-Length");
  if (typeof etag === "string" && !etag.startsWith("W/")) response.setHeader("ETag", `W/${etag}`);

  encoder.on("data", (piece: Buffer) => void (Reflect.apply(write, response, [piece]) || encoder.pause()));
  encoder.on("end", () => Reflect.apply(end, response, []));
  encoder.on("drain", () => response.emit("drain"));
  encoder.on("error", (error) => response.destroy(error));
  response.on("drain", () => void (response.writableNeedDrain || encoder.resume()));
  response.on("close", () => encoder.destroy());
};

const transformable = ({ method }: IncomingMessage, response: ServerResponse): boolean => {
  const coding = String(response.getHeader("Content-Encoding") ?? "identity");
  const whole = ![204, 206, 304].includes(response.statusCode) && method !== "HEAD";
  return whole && coding === "identity" && !/\bno-transform\b/i.test(String(response.getHeader("Cache-Control")));
};

/** RFC 9110 §12.5.3 */
const acceptsGzip = (header = ""): boolean => {
  const accepted = header
    .toLowerCase()
    .split(",")
    .map((part) => part.split(";").map((word) => word.trim()));
  const weights = new Map(accepted.map(([coding, ...parameters]) => [coding, weightOf(parameters)]));
  const gzip = weights.get("gzip") ?? weights.get("x-gzip") ?? weights.get("*") ?? 0;
  return gzip > 0 && gzip >= (weights.get("identity") ?? 0);
};

const weightOf = (parameters: string[]): number => Number(parameters.find((word) => word.startsWith("q="))?.slice(2) ?? 1);
