import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Gunicorn 20 kills a sync worker that has streamed for --timeout, flowing or not, and the body is cut",
  chain: [{ app: "django@3.2:sync-timeout" }],
  trial: { kind: "silence", silentMs: 9000 },
  does: { end: "truncated-visibly", cause: "total-timeout", culprit: "django" },
  because: "https://docs.gunicorn.org/en/stable/settings.html#timeout",
  fixedBy: "gunicorn-gthread-worker-survives-its-timeout",
});
