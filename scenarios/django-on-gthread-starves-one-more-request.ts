import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Sixteen slow streams on sixteen threads of Gunicorn keep the next request waiting",
  chain: [{ app: "django:gthread" }],
  trial: { kind: "starvation", streams: 16 },
  does: { end: "hung", cause: "queued", culprit: "django" },
  because: "https://docs.gunicorn.org/en/stable/design.html#choosing-a-worker-type",
  fixedBy: "django-on-uvicorn-serves-one-more-request",
});
