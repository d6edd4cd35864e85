import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "CompressionStream cannot flush: it holds events to the end of a short stream",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["compression-stream"] }],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "compression-stream" },
  because: "https://github.com/honojs/hono/pull/3833",
  fixedBy: "compression-stream-spares-event-streams",
});
