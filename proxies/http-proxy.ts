import type { ServerResponse } from "node:http";
import { defineServer } from "../harness/define.ts";

export default defineServer({
  kind: "node",
  title: "http-proxy (node-http-proxy)",
  link: "https://github.com/http-party/node-http-proxy",
  package: "http-proxy",
  handler: async ({ upstream, options }) => {
    const { default: httpProxy } = await import("http-proxy");
    const { proxyTimeout, timeout, endsWithOrigin, leavesWithClient, asInReadme, flushes } = options;
    const limits = { ...(proxyTimeout ? { proxyTimeout: Number(proxyTimeout) } : {}), ...(timeout ? { timeout: Number(timeout) } : {}) };
    const proxy = httpProxy.createProxyServer({ target: upstream.href, ...limits });

    proxy.on("error", (_error, _request, answer) => {
      const response = answer as ServerResponse;
      // On Node ≥ 24, a reset inside a body also arrives here; the README's listener then throws ERR_HTTP_HEADERS_SENT, which ends the process.
      if (response.headersSent && !asInReadme) return;
      response.writeHead(502, { "Content-Type": "text/plain" });
      response.end("Something went wrong. And we are reporting a custom error message.");
    });
    if (endsWithOrigin)
      proxy.on("proxyRes", (answer, _request, response) => void answer.once("close", () => answer.complete || response.destroy()));
    if (leavesWithClient) {
      proxy.on("proxyReq", (asked, _request, response) => void response.once("close", () => response.writableFinished || asked.destroy()));
    }
    if (flushes)
      proxy.on("proxyRes", (_answer, _request, response) =>
        flushes === "early" ? response.flushHeaders() : queueMicrotask(() => response.flushHeaders()),
      );
    return (request, response) => proxy.web(request, response);
  },
  variants: {
    default: { title: "createProxyServer, web() and an error listener that answers 502 if it still can" },
    readme: { title: "the error listener of its README, which always answers", options: { asInReadme: true } },
    limits: { title: "proxyTimeout and timeout of one second", options: { proxyTimeout: 1000, timeout: 1000 }, limitMs: 1000 },
    "proxy-timeout": { title: "proxyTimeout: silence of the origin", options: { proxyTimeout: 1000 }, limitMs: 1000 },
    timeout: { title: "timeout: silence toward the client", options: { timeout: 1000 }, limitMs: 1000 },
    "origin-abort": { title: "destroys the response if the origin's response ends early", options: { endsWithOrigin: true } },
    "client-abort": { title: "destroys its request when the client leaves", options: { leavesWithClient: true } },
    "flush-headers": { title: "flushes the header section after the proxyRes event", options: { flushes: "after" } },
    "flush-headers-early": {
      title: "flushes the header section in the proxyRes event, before it is copied",
      options: { flushes: "early" },
    },
    repaired: { title: "both repairs", options: { endsWithOrigin: true, leavesWithClient: true } },
  },
});
