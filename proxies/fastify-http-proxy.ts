import { constants } from "node:zlib";
import { defineServer } from "../harness/define.ts";

export default defineServer({
  kind: "node",
  title: "@fastify/http-proxy, on undici",
  link: "https://github.com/fastify/fastify-http-proxy",
  package: ["@fastify/http-proxy", "fastify", "@fastify/compress"],
  handler: async ({ upstream, options }) => {
    const [{ fastify }, { default: proxy }] = await Promise.all([import("fastify"), import("@fastify/http-proxy")]);
    const { nodeTimeout, undiciTimeout, compresses, flushes } = options;
    const app = fastify();
    if (compresses) {
      const { default: compress } = await import("@fastify/compress");
      await app.register(compress, flushes ? flushing : {});
    }
    await app.register(proxy, {
      upstream: upstream.origin,
      ...(nodeTimeout ? { http: { requestOptions: { timeout: Number(nodeTimeout) } } } : {}),
      ...(undiciTimeout ? { undici: { bodyTimeout: Number(undiciTimeout), headersTimeout: Number(undiciTimeout) } } : {}),
    });
    await app.ready();
    return (request, response) => app.routing(request, response);
  },
  variants: {
    default: { title: "registered with an upstream" },
    compress: { title: "@fastify/compress registered before it", options: { compresses: true } },
    "compress-flush": { title: "@fastify/compress that flushes every write", options: { compresses: true, flushes: true } },
    "undici-timeout": { title: "bodyTimeout and headersTimeout of one second", options: { undiciTimeout: 1000 }, limitMs: 1000 },
    "node-timeout": { title: "uses node:http to the upstream, timeout of one second", options: { nodeTimeout: 1000 }, limitMs: 1000 },
  },
});

const flushing = {
  encodings: ["br", "gzip"] as ("br" | "gzip")[],
  zlibOptions: { flush: constants.Z_SYNC_FLUSH },
  brotliOptions: { flush: constants.BROTLI_OPERATION_FLUSH },
};
