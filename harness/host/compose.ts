import type { RequestListener } from "node:http";
import type { ConnectMiddleware } from "../define.ts";
import { probe } from "./probe.ts";
import type { ProbeStore } from "./probe-store.ts";

/** Puts middlewares around a handler, the first nearest to it, each with a probe on its upstream side. A request reaches the last one first. */
export const compose = (handler: RequestListener, middlewares: ConnectMiddleware[], hop: string, store: ProbeStore): RequestListener =>
  middlewares.reduce<RequestListener>((inner, middleware, index) => {
    const watched = probe(`${hop}#${index}`, store);
    return (request, response) =>
      middleware(request, response, (error) => {
        if (error) throw error instanceof Error ? error : new Error("A middleware refused the request", { cause: error });
        watched(request, response, () => inner(request, response));
      });
  }, handler);
