import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "responseInterceptor collects the whole body first",
  chain: [{ app: "sse" }, "http-proxy-middleware:interceptor"],
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "http-proxy-middleware" },
  because: "https://github.com/chimurai/http-proxy-middleware/blob/master/recipes/response-interceptor.md",
  fixedBy: "http-proxy-middleware-streams-events",
});
