import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Hypercorn lets its client see that a view failed in mid-stream",
  chain: [{ app: "django:hypercorn" }],
  request: { path: "/stream-async" },
  trial: { kind: "origin-abort", how: ["close"] },
  must: { end: "visibly" },
});
