import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { mutant } from "./_forward.ts";
import { announceGzip } from "./_gzip.ts";

const compress = promisify(gzip);

export default mutant(
  {
    title: "Compresses for clients that accept gzip, each write as a separate gzip member",
    link: "https://www.rfc-editor.org/rfc/rfc1952#section-2.2",
  },
  () =>
    ({ request, straight }) => {
      let isCoded = false;
      let last: Promise<unknown> = Promise.resolve();
      const next = (step: () => unknown): true => {
        last = last.then(step);
        return true;
      };
      return {
        headers: (answer) => {
          isCoded = announceGzip(request, answer);
          straight.headers(answer);
        },
        write: (piece) => (isCoded ? next(async () => straight.write(await compress(piece))) : straight.write(piece)),
        end: () => void next(straight.end),
      };
    },
);
