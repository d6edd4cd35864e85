import type { ServerResponse } from "node:http";
import { defineMiddleware } from "../harness/define.ts";

export default defineMiddleware({
  title: "A timeout: answers 504 before the header section, resets the connection after it",
  link: "https://www.rfc-editor.org/rfc/rfc9110#section-15.6.5",
  variants: {
    default: { title: "one second of silence", options: { limit: "idle", ms: 1000 }, limitMs: 1000 },
    idle: { title: "one second of silence", options: { limit: "idle", ms: 1000 }, limitMs: 1000 },
    total: { title: "one second in total", options: { limit: "total", ms: 1000 }, limitMs: 1000 },
    "first-byte": { title: "one second until the first byte", options: { limit: "first-byte", ms: 1000 }, limitMs: 1000 },
  },
  create:
    ({ limit, ms }) =>
    (_request, response, next) => {
      const { writeHead, end, destroy } = response;
      let fired = false;

      const fire = (): void => {
        fired = true;
        if (response.headersSent) {
          response.socket?.resetAndDestroy();
          Reflect.apply(destroy, response, []);
        } else {
          for (const name of response.getHeaderNames()) response.removeHeader(name);
          const text = `No byte within ${ms}ms\n`;
          Reflect.apply(writeHead as never, response, [504, { "Content-Type": "text/plain", "Content-Length": text.length }]);
          Reflect.apply(end as never, response, [text]);
        }
      };
      const timer = setTimeout(fire, Number(ms));
      const stop = (): void => clearTimeout(timer);
      const byte = (): void => void (limit === "idle" ? timer.refresh() : limit === "first-byte" && stop());

      beforeCall(response, "flushHeaders", byte, () => fired, undefined);
      beforeCall(response, "write", byte, () => fired, true);
      beforeCall(response, "end", stop, () => fired, response);
      for (const name of ["writeHead", "setHeader", "appendHeader"] as const)
        beforeCall(
          response,
          name,
          () => {},
          () => fired,
          response,
        );
      response.once("close", stop);
      next();
    },
});

type Method = "writeHead" | "setHeader" | "appendHeader" | "flushHeaders" | "write" | "end";

/** A late handler must neither fail nor send anything. */
const beforeCall = (response: ServerResponse, name: Method, before: () => void, isSilent: () => boolean, instead: unknown): void => {
  const method = response[name] as (...args: unknown[]) => unknown;
  response[name] = function (this: ServerResponse, ...args: unknown[]) {
    if (isSilent()) return instead;
    before();
    return Reflect.apply(method, this, args);
  } as never;
};
