import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "responseInterceptor needs memory in proportion to the body",
  chain: [{ app: "binary" }, "http-proxy-middleware:interceptor"],
  trial: { kind: "memory" },
  does: { memory: "grows", culprit: "http-proxy-middleware" },
  because: "https://github.com/chimurai/http-proxy-middleware/blob/master/recipes/response-interceptor.md",
  fixedBy: "http-proxy-middleware-needs-bounded-memory",
});
