import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "What has chunks is cut visibly on Node 20 too, if http-proxy is repaired and the reset comes with data",
  chain: [{ app: "sse" }, "http-proxy@node20:repaired"],
  trial: { kind: "origin-abort", how: ["reset-behind-data"] },
  must: { end: "visibly", integrity: "intact" },
});
