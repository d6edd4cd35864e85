import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "fastify-http-proxy forwards events one by one to a client that accepts gzip",
  chain: [{ app: "sse" }, "fastify-http-proxy"],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
