import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy-middleware ends a stream that the origin reset with its error text and a clean last chunk",
  chain: [{ app: "sse" }, "http-proxy-middleware"],
  trial: { kind: "origin-abort", how: ["reset"] },
  does: { end: "truncated-silently", integrity: "altered", culprit: "http-proxy-middleware" },
  because: "https://github.com/chimurai/http-proxy-middleware/issues/171",
  fixedBy: "http-proxy-middleware-origin-abort-repaired",
});
