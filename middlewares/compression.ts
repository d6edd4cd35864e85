import compression from "compression";
import type { ServerResponse } from "node:http";
import { defineMiddleware } from "../harness/define.ts";
import type { ConnectMiddleware } from "../harness/define.ts";

export default defineMiddleware({
  title: "compression, the middleware of Express",
  link: "https://github.com/expressjs/compression#server-sent-events",
  package: "compression",
  variants: {
    default: { title: "as required, nobody calls res.flush()", options: { flush: false } },
    flush: { title: "res.flush() behind every write", options: { flush: true } },
  },
  create: ({ flush }) => {
    const compress = compression() as unknown as ConnectMiddleware;
    return (request, response, next) =>
      compress(request, response, (error) => {
        if (flush) flushEachWrite(response as FlushableResponse);
        next(error);
      });
  },
});

type FlushableResponse = ServerResponse & { flush: () => void };

const flushEachWrite = (response: FlushableResponse): void => {
  const { write } = response;
  response.write = function (this: FlushableResponse, ...args: unknown[]) {
    const more = Reflect.apply(write, this, args);
    response.flush();
    return more;
  } as typeof write;
};
