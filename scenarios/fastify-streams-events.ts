import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Fastify sends each item of a Readable as it comes",
  chain: [{ app: "fastify" }],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
