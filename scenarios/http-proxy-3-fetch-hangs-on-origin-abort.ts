import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy-3 with fetch leaves the client waiting when the origin aborts",
  chain: [{ app: "sse" }, "http-proxy-3:fetch"],
  trial: { kind: "origin-abort" },
  does: { end: "hung", cause: "origin-abort", culprit: "http-proxy-3" },
  because: "https://github.com/sagemathinc/http-proxy-3#http2-support-with-fetch",
  fixedBy: "http-proxy-3-origin-abort-repaired",
});
