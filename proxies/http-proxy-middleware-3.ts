import type { IncomingMessage, ServerResponse } from "node:http";
import { defineServer } from "../harness/define.ts";

export default defineServer({
  kind: "node",
  title: "http-proxy-middleware 3, on http-proxy",
  link: "https://github.com/chimurai/http-proxy-middleware/tree/v3.0.5",
  package: "http-proxy-middleware-3@npm:http-proxy-middleware@3",
  handler: async ({ upstream, options }) => {
    const { createProxyMiddleware, responseInterceptor } = await import("http-proxy-middleware-3");
    const target = upstream.origin;
    const intercept = responseInterceptor((body) => Promise.resolve(body));
    const proxy = options["intercepts"]
      ? createProxyMiddleware({ target, selfHandleResponse: true, on: { proxyRes: (...event) => void intercept(...event) } })
      : createProxyMiddleware({ target, ...(options["repaired"] ? { on: repairs } : {}) });
    return (request, response) => void proxy(request, response, () => response.destroy());
  },
  variants: {
    default: { title: "createProxyMiddleware with a target" },
    interceptor: { title: "responseInterceptor, which changes nothing", options: { intercepts: true } },
    repaired: { title: "destroys the response on an error, and if the origin's response ends early", options: { repaired: true } },
  },
});

const repairs = {
  // Either listener replaces the package's own, which appends its error text to what was already sent.
  error: (_error: Error, _request: unknown, response: unknown): void => void (response as ServerResponse).destroy(),
  proxyRes: (answer: IncomingMessage, _request: unknown, response: ServerResponse): void => {
    answer.once("close", () => void (answer.complete || response.destroy()));
  },
};
