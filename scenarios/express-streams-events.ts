import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Express sends each record as it is written",
  chain: [{ app: "express" }],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", end: "complete", integrity: "intact" },
});
