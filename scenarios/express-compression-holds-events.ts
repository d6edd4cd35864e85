import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "compression() in Express holds what is not flushed",
  chain: [{ app: "express:compression" }],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  does: { deliver: "buffered", culprit: "express" },
  because: "https://github.com/expressjs/compression/issues/61",
  fixedBy: "express-compression-flushed-streams-events",
});
