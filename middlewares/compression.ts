import type { ServerResponse } from "node:http";
import { constants } from "node:zlib";
import { defineMiddleware } from "../harness/define.ts";
import type { ConnectMiddleware } from "../harness/define.ts";

export default defineMiddleware({
  title: "compression, the middleware of Express",
  link: "https://github.com/expressjs/compression#server-sent-events",
  package: "compression",
  variants: {
    default: { title: "default settings; no one calls res.flush()", options: { flush: false } },
    flush: { title: "res.flush() after every write", options: { flush: true } },
    "flush-before": { title: "res.flush() before every write", options: { flush: "before" } },
    "sync-flush": { title: "flushes every write itself, by zlib's and brotli's options", options: { sync: true } },
  },
  create: async ({ flush, sync }) => {
    const { default: compression } = await import("compression");
    const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH } = constants;
    const settings = sync ? { flush: Z_SYNC_FLUSH, brotli: { flush: BROTLI_OPERATION_FLUSH } } : {};
    const compress = compression(settings) as unknown as ConnectMiddleware;
    return (request, response, next) =>
      compress(request, response, (error) => {
        if (flush) flushEachWrite(response as FlushableResponse, flush === "before");
        next(error);
      });
  },
});

type FlushableResponse = ServerResponse & { flush: () => void };

const flushEachWrite = (response: FlushableResponse, before: boolean): void => {
  const { write } = response;
  response.write = function (this: FlushableResponse, ...args: unknown[]) {
    if (before) response.flush();
    const more = Reflect.apply(write, this, args);
    if (!before) response.flush();
    return more;
  } as typeof write;
};
