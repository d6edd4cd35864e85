import type { ServerResponse } from "node:http";
import { defineServer } from "../harness/define.ts";

export default defineServer({
  kind: "node",
  title: "http-proxy-3, the rewrite that Vite and JupyterHub use",
  link: "https://github.com/sagemathinc/http-proxy-3",
  package: "http-proxy-3",
  handler: async ({ upstream, options }) => {
    const { createProxyServer } = await import("http-proxy-3");
    const { proxyTimeout, endsWithOrigin, fetches, flushes } = options;
    const proxy = createProxyServer({
      target: upstream.href,
      ...(fetches ? { fetch } : {}),
      ...(proxyTimeout ? { proxyTimeout: Number(proxyTimeout) } : {}),
    });
    proxy.on("error", (_error, _request, answer) => {
      const response = answer as ServerResponse;
      if (response.headersSent) return;
      response.writeHead(500, { "Content-Type": "text/plain" });
      response.end("Something went wrong. And we are reporting a custom error message.");
    });
    if (endsWithOrigin)
      proxy.on("proxyRes", (answer, _request, response) => void answer.once("close", () => answer.complete || response.destroy()));
    // The header section is copied right after this event, so flushing immediately would send an empty one.
    if (flushes) proxy.on("proxyRes", (_answer, _request, response) => queueMicrotask(() => response.flushHeaders()));
    return (request, response) => proxy.web(request, response);
  },
  variants: {
    default: { title: "createProxyServer, web() and an error listener that answers 500 if it still can" },
    "origin-abort": { title: "destroys the response if the origin's response ends early", options: { endsWithOrigin: true } },
    "flush-headers": { title: "flushes the header section as soon as it is complete", options: { flushes: true } },
    "proxy-timeout": { title: "proxyTimeout of one second", options: { proxyTimeout: 1000 }, limitMs: 1000 },
    fetch: { title: "uses fetch to the upstream", options: { fetches: true } },
    "fetch-proxy-timeout": {
      title: "uses fetch to the upstream, proxyTimeout of one second",
      options: { fetches: true, proxyTimeout: 1000 },
      limitMs: 1000,
    },
  },
});
