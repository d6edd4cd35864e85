import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "@fastify/compress does not compress text/event-stream and passes every event on",
  chain: [{ app: "sse" }, "fastify-http-proxy:compress"],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", integrity: "intact" },
});
