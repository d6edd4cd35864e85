import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Repaired http-proxy cuts a chunked response visibly when the reset comes with data, on Node 20 too",
  chain: [{ app: "sse" }, "http-proxy@node20:repaired"],
  trial: { kind: "origin-abort", how: ["reset-after-data"] },
  must: { end: "visibly", integrity: "intact" },
});
