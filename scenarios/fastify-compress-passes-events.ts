import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "@fastify/compress leaves text/event-stream alone and passes every event on",
  chain: [{ app: "sse" }, "fastify-http-proxy:compress"],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", integrity: "intact" },
});
