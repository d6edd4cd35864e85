import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "The responseInterceptor of http-proxy-middleware 3 turns an aborted stream into a complete response with a length",
  chain: [{ app: "sse" }, "http-proxy-middleware-3:interceptor"],
  trial: { kind: "origin-abort", how: ["close", "no-last-chunk"] },
  does: { end: "truncated-silently", cause: "origin-abort", culprit: "http-proxy-middleware-3" },
  because: "https://github.com/chimurai/http-proxy-middleware/blob/master/recipes/response-interceptor.md",
  fixedBy: "http-proxy-middleware-3-origin-abort-repaired",
});
