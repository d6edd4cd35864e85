import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "@fastify/http-proxy over node:http has no timeout for text/event-stream",
  chain: [{ app: "sse" }, "fastify-http-proxy:node-timeout"],
  trial: { kind: "silence", silentMs: 2500 },
  must: { surviveSilenceMs: 2500 },
});
