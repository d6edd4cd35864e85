import { constants, createGzip } from "node:zlib";
import type { Gzip } from "node:zlib";
import { mutant } from "./_forward.ts";
import { announceGzip } from "./_gzip.ts";

export default mutant(
  {
    title: "Harmless: compresses for clients that accept gzip, and flushes after each write",
    link: "https://nodejs.org/api/zlib.html#flushing",
  },
  () =>
    ({ request, response, straight }) => {
      let encoder: Gzip | undefined;
      return {
        headers: (answer) => {
          if (announceGzip(request, answer)) {
            encoder = createGzip({ flush: constants.Z_SYNC_FLUSH });
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
