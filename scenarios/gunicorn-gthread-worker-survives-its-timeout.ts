import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Gunicorn's gthread worker streams for longer than --timeout",
  chain: [{ app: "django:gthread-timeout" }],
  trial: { kind: "silence", silentMs: 9000 },
  must: { end: "complete", surviveSilenceMs: 9000 },
});
