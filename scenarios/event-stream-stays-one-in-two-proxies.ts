import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "If a proxy keeps the Content-Type unchanged, the next one does not cut a silent event stream",
  chain: [{ app: "sse" }, "httpxy", "fastify-http-proxy:node-timeout"],
  trial: { kind: "silence", silentMs: 2500 },
  must: { surviveSilenceMs: 2500 },
});
