import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "@fastify/compress holds the rows of a CSV",
  chain: [{ app: "csv" }, "fastify-http-proxy:compress"],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "fastify-http-proxy" },
  because: "https://github.com/fastify/fastify-compress#customtypes",
  fixedBy: "fastify-compress-flushing-streams-rows",
});
