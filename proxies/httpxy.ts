import { defineServer } from "../harness/define.ts";

export default defineServer({
  kind: "node",
  title: "httpxy, the proxy of unjs",
  link: "https://github.com/unjs/httpxy",
  package: "httpxy",
  handler: async ({ upstream, options }) => {
    const { createProxyServer } = await import("httpxy");
    const proxy = createProxyServer(options["proxyTimeout"] ? { proxyTimeout: Number(options["proxyTimeout"]) } : {});
    if (options["flushes"]) proxy.on("proxyRes", (_answer, _request, response) => queueMicrotask(() => response.flushHeaders()));
    return (request, response) => {
      proxy.web(request, response, { target: upstream.origin }).catch((error: unknown) => {
        if (options["breaksOff"] && response.headersSent) return void response.destroy();
        response.statusCode = 500;
        response.end(`Proxy error: ${String(error)}`);
      });
    };
  },
  variants: {
    default: { title: "createProxyServer, web() and the catch of its README, which always answers 500" },
    repaired: { title: "a catch that aborts if the header section was sent", options: { breaksOff: true } },
    "flush-headers": { title: "flushes the header section as soon as it is complete", options: { flushes: true } },
    "proxy-timeout": { title: "proxyTimeout of one second", options: { proxyTimeout: 1000 }, limitMs: 1000 },
  },
});
