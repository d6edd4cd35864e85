import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy-middleware 3 cuts visibly with an error listener and a close listener that destroy the response",
  chain: [{ app: "sse" }, "http-proxy-middleware-3:repaired"],
  trial: { kind: "origin-abort" },
  must: { end: "visibly", integrity: "intact" },
});
