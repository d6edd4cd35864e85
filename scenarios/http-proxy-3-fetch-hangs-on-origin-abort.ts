import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy-3 leaves the client hanging when the origin aborts, where it asks with fetch",
  chain: [{ app: "sse" }, "http-proxy-3:fetch"],
  trial: { kind: "origin-abort" },
  does: { end: "hung", cause: "origin-abort", culprit: "http-proxy-3" },
  because: "https://github.com/sagemathinc/http-proxy-3#http2-support-with-fetch",
  twin: "http-proxy-3-origin-abort-repaired",
});
