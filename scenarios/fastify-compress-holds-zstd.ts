import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "@fastify/compress holds the rows of a CSV in Zstandard",
  chain: [{ app: "csv" }, "fastify-http-proxy:compress"],
  request: { acceptEncoding: "zstd" },
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "fastify-http-proxy" },
  because: "https://nodejs.org/api/zlib.html#flushing",
  fixedBy: "fastify-compress-flushing-streams-rows",
});
