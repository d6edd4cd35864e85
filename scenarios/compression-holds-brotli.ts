import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "The compression middleware holds events with Brotli as with gzip",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["compression"] }],
  request: { acceptEncoding: "br" },
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "compression" },
  because: "https://github.com/expressjs/compression#server-sent-events",
  fixedBy: "compression-flushing-streams-brotli",
});
