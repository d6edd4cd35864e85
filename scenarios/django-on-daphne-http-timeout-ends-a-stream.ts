import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Daphne's --http-timeout ends a stream after its whole time as if it were complete",
  chain: [{ app: "django:daphne-http-timeout" }],
  request: { path: "/stream-async" },
  timeScale: 20,
  trial: { kind: "silence", silentMs: 25_000 },
  does: { end: "truncated-silently", cause: "total-timeout", culprit: "django" },
  because: "https://github.com/django/daphne/blob/main/daphne/http_protocol.py",
  fixedBy: "django-on-daphne-survives-five-minutes-of-silence",
});
