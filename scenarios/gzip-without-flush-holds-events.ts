import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A gzip middleware that never flushes holds a short stream to its end",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["gzip"] }],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "gzip" },
  because: "https://github.com/expressjs/compression/issues/61",
  fixedBy: "gzip-with-flush-streams-events",
  showcase: true,
});
