import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy-3 with fetch never ends HEAD, 204 and 304 responses, since it has no body to pipe",
  chain: [{ app: "sse" }, "http-proxy-3:fetch"],
  trial: { kind: "bodyless" },
  does: { end: "hung", culprit: "http-proxy-3" },
  because: "https://github.com/sagemathinc/http-proxy-3#http2-support-with-fetch",
  fixedBy: "http-proxy-3-ends-bodyless",
});
