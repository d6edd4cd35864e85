import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy-middleware cuts visibly with an error listener that destroys the response",
  chain: [{ app: "sse" }, "http-proxy-middleware:repaired"],
  trial: { kind: "origin-abort" },
  must: { end: "visibly", integrity: "intact" },
});
