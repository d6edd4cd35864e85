import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "On Node 24 a repaired http-proxy-middleware cuts what closing delimits when the reset comes with data",
  chain: [{ app: "sse" }, "http-proxy-middleware:repaired"],
  response: { framing: "close" },
  trial: { kind: "origin-abort", how: ["reset-after-data"] },
  must: { end: "visibly", integrity: "intact" },
});
