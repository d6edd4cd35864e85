import { defineOrigin } from "../harness/define.ts";
import { packageFiles, packageVersion } from "./_npm.ts";

export default defineOrigin({
  kind: "application",
  title: "Hono: streamSSE and stream, with and without compress, on Node",
  link: "https://hono.dev/docs/helpers/streaming",
  debian: { release: "forky", packages: ["nodejs"] },
  command: ({ folder }) => ["node", `${folder}/app.mjs`],
  environment: ({ options, contained }) => ({
    HOST: contained ? "0.0.0.0" : "127.0.0.1",
    COMPRESSES: String(options["compresses"] ?? ""),
  }),
  files: () => packageFiles("hono", "@hono/node-server"),
  version: () => ({
    command: ["node", "-e", `console.log("Node/" + process.versions.node + " ${packageVersion("hono")}")`],
    pattern: /(Node\/[\d.]+ hono\/[\d.]+)/,
  }),
  readiness: "/ready",
  path: "/stream",
  variants: {
    default: { title: "no middleware" },
    compress: { title: "compress() in front of it", options: { compresses: "yes" } },
  },
});
