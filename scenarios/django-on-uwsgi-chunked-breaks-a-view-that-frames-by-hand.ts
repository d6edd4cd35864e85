import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "uWSGI with --http-auto-chunked sends what is not HTTP for a Django view that sets Transfer-Encoding: chunked by hand",
  chain: [{ app: "django:uwsgi-chunked" }],
  request: { path: "/chunked-by-hand" },
  trial: { kind: "lock-step" },
  does: { end: "malformed", culprit: "django" },
  because: "https://www.rfc-editor.org/rfc/rfc9112#section-6.1",
  fixedBy: "django-on-gthread-frames-once",
});
