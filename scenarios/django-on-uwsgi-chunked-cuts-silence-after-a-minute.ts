import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "By default, uWSGI's HTTP router cuts a stream that is silent for a minute (--http-timeout)",
  chain: [{ app: "django:uwsgi-chunked" }],
  timeScale: 20,
  trial: { kind: "silence", silentMs: 66_000 },
  does: { end: "truncated-visibly", culprit: "django" },
  because: "https://uwsgi-docs.readthedocs.io/en/latest/HTTP.html",
  fixedBy: "django-on-waitress-survives-five-minutes-of-silence",
});
