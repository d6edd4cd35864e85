import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "The responseInterceptor of http-proxy-middleware makes a stream that broke off a whole response with its length",
  chain: [{ app: "sse" }, "http-proxy-middleware:interceptor"],
  trial: { kind: "origin-abort", how: ["close", "no-last-chunk"] },
  does: { end: "incomplete-silent", cause: "origin-abort", culprit: "http-proxy-middleware" },
  because: "https://github.com/chimurai/http-proxy-middleware/blob/master/recipes/response-interceptor.md",
  twin: "http-proxy-middleware-origin-abort-repaired",
});
