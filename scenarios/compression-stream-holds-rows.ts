import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "CompressionStream that skips only event streams still holds the rows of a CSV",
  chain: [{ app: "csv" }, { server: "http-pipe", middlewares: ["compression-stream:skips-events"] }],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "compression-stream" },
  because: "https://github.com/honojs/hono/pull/3833",
  fixedBy: "compression-stream-leaves-no-transform-alone",
});
