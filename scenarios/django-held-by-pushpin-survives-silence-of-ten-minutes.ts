import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A stream that Pushpin holds may be silent for ten minutes",
  chain: [{ app: "django-pushpin" }],
  timeScale: 100,
  trial: { kind: "silence", silentMs: 600_000 },
  must: { surviveSilenceMs: 600_000 },
});
