import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "@fastify/compress holds the events of a stream in its compressor",
  chain: [{ app: "fastify:compress" }],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  does: { deliver: "buffered", culprit: "fastify" },
  because: "https://github.com/fastify/fastify-compress#readme",
  fixedBy: "fastify-streams-to-gzip-clients",
});
