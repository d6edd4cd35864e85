import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy-3 never ends HEAD, 204 and 304 where it asks with fetch: there is no body to be piped",
  chain: [{ app: "sse" }, "http-proxy-3:fetch"],
  trial: { kind: "bodyless" },
  does: { end: "hung", culprit: "http-proxy-3" },
  because: "https://github.com/sagemathinc/http-proxy-3#http2-support-with-fetch",
  twin: "http-proxy-3-ends-bodyless",
});
