import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "On Node 20 a repaired http-proxy-middleware ends what closing delimits when the reset comes with data",
  chain: [{ app: "sse" }, "http-proxy-middleware@node20:repaired"],
  response: { framing: "close" },
  trial: { kind: "origin-abort", how: ["reset-after-data"] },
  does: { end: "truncated-silently", cause: "origin-abort", culprit: "http-proxy-middleware" },
  because: "https://github.com/libuv/libuv/pull/4997",
  fixedBy: "http-proxy-middleware-cuts-a-reset-stream",
});
