import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Repaired httpxy cuts a chunked response visibly when the reset comes with data, on Node 22 too",
  chain: [{ app: "sse" }, "httpxy@node22:repaired"],
  trial: { kind: "origin-abort", how: ["reset-after-data"] },
  must: { end: "visibly", integrity: "intact" },
});
