import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "uWSGI's --http, which frames nothing, ends the response of a view that failed in mid-stream as if it were whole",
  chain: [{ app: "django:uwsgi-http" }],
  trial: { kind: "origin-abort", how: ["close"] },
  does: { end: "truncated-silently", culprit: "django" },
  because: "https://uwsgi-docs.readthedocs.io/en/latest/HTTP.html",
  fixedBy: "django-on-gthread-cuts-a-failed-stream",
});
