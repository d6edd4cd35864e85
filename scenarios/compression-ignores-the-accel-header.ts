import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "X-Accel-Buffering: no has no effect on the compression middleware",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["compression"] }],
  request: { acceptEncoding: "gzip" },
  response: { headers: [["X-Accel-Buffering", "no"]] },
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "compression" },
  because: "https://github.com/expressjs/compression/issues/61",
  fixedBy: "compression-leaves-no-transform-alone",
});
