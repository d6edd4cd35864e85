import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Gunicorn's gevent worker lets its client see that a view failed in mid-stream",
  chain: [{ app: "django:gevent" }],
  trial: { kind: "origin-abort", how: ["close"] },
  must: { end: "visibly" },
});
