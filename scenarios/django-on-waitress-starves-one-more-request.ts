import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Sixteen slow streams on sixteen threads of Waitress keep the next request waiting",
  chain: [{ app: "django:waitress" }],
  trial: { kind: "starvation", streams: 16 },
  does: { end: "hung", cause: "queued", culprit: "django" },
  because: "https://docs.pylonsproject.org/projects/waitress/en/stable/arguments.html",
  fixedBy: "django-on-uvicorn-serves-one-more-request",
});
