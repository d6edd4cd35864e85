import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A proxy that leaves the Content-Type alone has the next one spare the silence of an event stream",
  chain: [{ app: "sse" }, "httpxy", "fastify-http-proxy:node-timeout"],
  trial: { kind: "silence", silentMs: 2500 },
  must: { surviveSilenceMs: 2500 },
});
