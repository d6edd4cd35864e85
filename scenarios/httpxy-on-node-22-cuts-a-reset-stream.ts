import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "What has chunks is cut visibly on Node 22 too, if httpxy is repaired and the reset comes with data",
  chain: [{ app: "sse" }, "httpxy@node22:repaired"],
  trial: { kind: "origin-abort", how: ["reset-behind-data"] },
  must: { end: "visibly", integrity: "intact" },
});
