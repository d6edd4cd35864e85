import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Sixteen slow streams on sixteen threads of uWSGI keep the next request waiting",
  chain: [{ app: "django:uwsgi-chunked" }],
  trial: { kind: "starvation", streams: 16 },
  does: { end: "hung", cause: "queued", culprit: "django" },
  because: "https://uwsgi-docs.readthedocs.io/en/latest/Options.html#threads",
  fixedBy: "django-on-uvicorn-serves-one-more-request",
});
