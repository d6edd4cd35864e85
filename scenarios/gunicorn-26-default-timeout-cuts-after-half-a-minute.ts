import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Gunicorn's sync worker is killed after 30 s of a stream, which is the default of --timeout",
  chain: [{ app: "django@5.2" }],
  trial: { kind: "silence", silentMs: 45_000 },
  timeScale: 20,
  does: { end: "truncated-visibly", cause: "total-timeout", culprit: "django" },
  because: "https://docs.gunicorn.org/en/stable/settings.html#timeout",
  fixedBy: "gunicorn-gthread-survives-the-default-timeout",
});
