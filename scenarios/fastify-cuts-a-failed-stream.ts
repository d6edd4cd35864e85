import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A Readable that fails in mid-stream is visible to the client of Fastify",
  chain: [{ app: "fastify" }],
  trial: { kind: "origin-abort" },
  must: { end: "visibly" },
});
