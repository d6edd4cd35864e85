import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Gunicorn 26 kills a sync worker that has streamed for --timeout, flowing or not, and the body is cut",
  chain: [{ app: "django@5.2:sync-timeout" }],
  trial: { kind: "silence", silentMs: 9000 },
  does: { end: "truncated-visibly", cause: "total-timeout", culprit: "django" },
  because: "https://github.com/benoitc/gunicorn/pull/3715",
  fixedBy: "gunicorn-gthread-worker-survives-its-timeout",
});
