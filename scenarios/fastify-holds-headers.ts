import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Fastify sends the header section with the first item of a Readable",
  chain: [{ app: "fastify" }],
  trial: { kind: "header-hold" },
  does: { headers: "held", culprit: "fastify" },
  because: "https://github.com/fastify/fastify/blob/main/lib/reply.js",
  fixedBy: "hono-flushes-headers",
});
