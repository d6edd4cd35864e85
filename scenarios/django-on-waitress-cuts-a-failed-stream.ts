import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Waitress lets its client see that a view failed in mid-stream",
  chain: [{ app: "django:waitress" }],
  trial: { kind: "origin-abort", how: ["close"] },
  must: { end: "visibly" },
});
