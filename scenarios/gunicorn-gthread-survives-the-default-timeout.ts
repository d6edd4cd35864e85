import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Gunicorn's gthread worker streams for longer than 30 s, which is the default of --timeout",
  chain: [{ app: "django@5.2:gthread" }],
  trial: { kind: "silence", silentMs: 45_000 },
  timeScale: 20,
  must: { end: "complete", surviveSilenceMs: 45_000 },
});
