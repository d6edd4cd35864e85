import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { defineServer } from "../harness/define.ts";

export default defineServer({
  kind: "node",
  title: "http-proxy-middleware 4, on httpxy",
  link: "https://github.com/chimurai/http-proxy-middleware",
  package: "http-proxy-middleware",
  handler: async ({ upstream, options }) => {
    const { createProxyMiddleware, responseInterceptor } = await import("http-proxy-middleware");
    const target = upstream.origin;
    const intercept = responseInterceptor((body) => Promise.resolve(body));
    const proxy = options["intercepts"]
      ? createProxyMiddleware({ target, selfHandleResponse: true, on: { proxyRes: (...event) => void intercept(...event) } })
      : createProxyMiddleware({ target, ...(options["repaired"] ? { on: { error: breakOff } } : {}) });
    return (request, response) => void proxy(request, response, () => response.destroy());
  },
  variants: {
    default: { title: "createProxyMiddleware with a target" },
    interceptor: { title: "responseInterceptor, which changes nothing", options: { intercepts: true } },
    repaired: { title: "destroys the response on an error", options: { repaired: true } },
  },
});

/** A listener replaces the package's own, which appends its error text to what was already sent. */
const breakOff = (_error: Error, _request: unknown, response: ServerResponse | Socket): void => void response.destroy();
