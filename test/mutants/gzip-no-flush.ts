import { createGzip } from "node:zlib";
import type { Gzip } from "node:zlib";
import { mutant } from "./_forward.ts";

export default mutant(
  { title: "Compresses for clients that accept gzip, and never flushes", link: "https://nodejs.org/api/zlib.html#flushing" },
  () =>
    ({ request, response, straight }) => {
      let encoder: Gzip | undefined;
      return {
        headers: (answer) => {
          const { statusCode = 0, rawHeaders, headers } = answer;
          const bodyless = request.method === "HEAD" || statusCode === 204 || statusCode === 304;
          if (!bodyless && headers["content-encoding"] === undefined && /\bgzip\b/.test(String(request.headers["accept-encoding"]))) {
            const length = rawHeaders.findIndex((name, at) => at % 2 === 0 && name.toLowerCase() === "content-length");
            if (length >= 0) rawHeaders.splice(length, 2);
            rawHeaders.push("Content-Encoding", "gzip", "Vary", "Accept-Encoding");
            encoder = createGzip();
            encoder.on("data", (piece: Buffer) => straight.write(piece)).on("end", () => straight.end());
            response.on("close", () => encoder?.destroy());
          }
          straight.headers(answer);
        },
        write: (piece) => {
          if (!encoder) return straight.write(piece);
          encoder.write(piece);
          return true;
        },
        end: () => void (encoder ? encoder.end() : straight.end()),
      };
    },
);
