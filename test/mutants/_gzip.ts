import type { IncomingMessage } from "node:http";

/** Whether to compress the response for this client; if so, sets the header field. */
export const announceGzip = (request: IncomingMessage, answer: IncomingMessage): boolean => {
  const { statusCode = 0, rawHeaders, headers } = answer;
  const bodyless = request.method === "HEAD" || statusCode === 204 || statusCode === 304;
  if (bodyless || headers["content-encoding"] !== undefined || !/\bgzip\b/.test(String(request.headers["accept-encoding"]))) return false;
  const length = rawHeaders.findIndex((name, at) => at % 2 === 0 && name.toLowerCase() === "content-length");
  if (length >= 0) rawHeaders.splice(length, 2);
  rawHeaders.push("Content-Encoding", "gzip", "Vary", "Accept-Encoding");
  return true;
};
