import { defineOrigin } from "../harness/define.ts";
import { packageFiles, packageVersion } from "./_npm.ts";

export default defineOrigin({
  kind: "application",
  title: "Fastify: a reply that is a Readable, with and without @fastify/compress",
  link: "https://fastify.dev/docs/latest/Reference/Reply/#streams",
  debian: { release: "forky", packages: ["nodejs"] },
  command: ({ folder }) => ["node", `${folder}/app.mjs`],
  environment: ({ options, contained }) => ({
    HOST: contained ? "0.0.0.0" : "127.0.0.1",
    COMPRESSES: String(options["compresses"] ?? ""),
  }),
  files: () => packageFiles("fastify", "@fastify/compress"),
  version: () => ({
    command: ["node", "-e", `console.log("Node/" + process.versions.node + " ${packageVersion("fastify")}")`],
    pattern: /(Node\/[\d.]+ fastify\/[\d.]+)/,
  }),
  readiness: "/ready",
  path: "/stream",
  variants: {
    default: { title: "sends a Readable" },
    compress: { title: "@fastify/compress in front of it", options: { compresses: "yes" } },
  },
});
