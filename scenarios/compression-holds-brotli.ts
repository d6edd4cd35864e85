import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "The compression middleware holds events in Brotli as it does in gzip",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["compression"] }],
  request: { acceptEncoding: "br" },
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "compression" },
  because: "https://github.com/expressjs/compression#server-sent-events",
  twin: "compression-told-to-flush-streams-brotli",
});
