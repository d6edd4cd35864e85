import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "@fastify/compress holds the rows of a CSV",
  chain: [{ app: "csv" }, "fastify-http-proxy:compress"],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "fastify-http-proxy" },
  because: "https://github.com/fastify/fastify-compress#customtypes",
  twin: "fastify-compress-told-to-flush-streams-rows",
});
