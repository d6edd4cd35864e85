import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "uWSGI's --harakiri kills the worker after its whole time, and the router ends the stream as if it were complete",
  chain: [{ app: "django:uwsgi-harakiri" }],
  timeScale: 20,
  trial: { kind: "silence", silentMs: 25_000 },
  does: { end: "truncated-silently", cause: "total-timeout", culprit: "django" },
  because: "https://uwsgi-docs.readthedocs.io/en/latest/Options.html#harakiri",
  fixedBy: "django-on-waitress-survives-five-minutes-of-silence",
});
