import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Fastify without @fastify/compress sends each item to a client that accepts gzip",
  chain: [{ app: "fastify" }],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
