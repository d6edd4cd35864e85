import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "uWSGI sends the items of a stream after the header section of a response to HEAD",
  chain: [{ app: "django:uwsgi-http" }],
  trial: { kind: "bodyless" },
  does: { end: "malformed", culprit: "django" },
  because: "https://uwsgi-docs.readthedocs.io/en/latest/HTTP.html",
  fixedBy: "django-on-uvicorn-ends-bodyless",
});
