import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Gunicorn's gthread worker lets its client see that a view failed in mid-stream",
  chain: [{ app: "django:gthread" }],
  trial: { kind: "origin-abort", how: ["close"] },
  must: { end: "visibly" },
});
