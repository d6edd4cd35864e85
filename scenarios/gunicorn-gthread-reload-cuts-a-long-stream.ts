import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A reload of Gunicorn (HUP) cuts a stream that lasts longer than 30 s after it (graceful_timeout)",
  chain: [{ app: "django@5.2:gthread" }],
  timeScale: 20,
  trial: { kind: "reload", streamMs: 60_000 },
  does: { end: "truncated-visibly", cause: "reload", culprit: "django" },
  because: "https://docs.gunicorn.org/en/stable/settings.html#graceful-timeout",
  fixedBy: "gunicorn-gthread-reload-keeps-a-short-stream",
});
