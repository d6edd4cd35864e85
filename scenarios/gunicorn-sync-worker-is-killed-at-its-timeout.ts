import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Gunicorn 23 kills a sync worker that has streamed for --timeout, flowing or not, and writes an error page into the body",
  chain: [{ app: "django@4.2:sync-timeout" }],
  trial: { kind: "silence", silentMs: 9000 },
  does: { end: "malformed", culprit: "django" },
  because: "https://github.com/benoitc/gunicorn/issues/3410",
  fixedBy: "gunicorn-gthread-worker-survives-its-timeout",
});
