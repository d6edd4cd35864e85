import { constants, createGzip } from "node:zlib";
import type { Gzip } from "node:zlib";
import { defineMiddleware } from "../harness/define.ts";
import { codeContent } from "./_coding.ts";

export default defineMiddleware({
  title: "gzip by node:zlib, as in many hand-written middlewares",
  link: "https://nodejs.org/api/zlib.html#flushing",
  variants: {
    default: { title: "never flushes before the end", options: { flush: false } },
    flush: { title: "flushes after every write", options: { flush: true } },
  },
  create: ({ flush }) => {
    const afterWrite = (encoder: Gzip): void => void (flush && encoder.flush(constants.Z_SYNC_FLUSH));
    return (request, response, next) => {
      codeContent(request, response, { encoder: () => createGzip(), afterWrite });
      next();
    };
  },
});
