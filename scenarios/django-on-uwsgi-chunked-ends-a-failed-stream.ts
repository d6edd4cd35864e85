import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "uWSGI with --http-auto-chunked sends the last chunk for a view that failed in mid-stream, as if it were whole",
  chain: [{ app: "django:uwsgi-chunked" }],
  trial: { kind: "origin-abort", how: ["close"] },
  does: { end: "truncated-silently", culprit: "django" },
  because: "https://github.com/unbit/uwsgi/blob/master/plugins/http/http.c",
  fixedBy: "django-on-gthread-cuts-a-failed-stream",
});
