import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A callback of streamSSE that throws looks like one that has ended: Hono logs the error and closes the response",
  chain: [{ app: "hono" }],
  trial: { kind: "origin-abort" },
  does: { end: "truncated-silently", culprit: "hono" },
  because: "https://github.com/honojs/hono/blob/main/src/helper/streaming/sse.ts",
  fixedBy: "express-cuts-a-failed-stream",
});
