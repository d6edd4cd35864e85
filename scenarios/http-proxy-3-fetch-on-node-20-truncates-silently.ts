import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "On Node 20 http-proxy-3 with fetch ends a stream cleanly when the origin aborts",
  chain: [{ app: "sse" }, "http-proxy-3@node20:fetch"],
  trial: { kind: "origin-abort" },
  does: { end: "truncated-silently", cause: "origin-abort", culprit: "http-proxy-3" },
  because: "https://github.com/sagemathinc/http-proxy-3#http2-support-with-fetch",
  fixedBy: "http-proxy-3-origin-abort-repaired",
});
