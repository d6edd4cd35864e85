import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "The responseInterceptor of http-proxy-middleware turns an aborted stream into a complete response with a length",
  chain: [{ app: "sse" }, "http-proxy-middleware:interceptor"],
  trial: { kind: "origin-abort", how: ["close", "no-last-chunk"] },
  does: { end: "truncated-silently", cause: "origin-abort", culprit: "http-proxy-middleware" },
  because: "https://github.com/chimurai/http-proxy-middleware/blob/master/recipes/response-interceptor.md",
  fixedBy: "http-proxy-middleware-origin-abort-repaired",
});
