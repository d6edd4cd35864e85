import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Express lets its client see that a handler failed in mid-stream",
  chain: [{ app: "express" }],
  trial: { kind: "origin-abort", how: ["close"] },
  must: { end: "visibly" },
});
