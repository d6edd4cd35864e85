import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Eight slow streams on Gunicorn's eight sync workers keep the ninth request waiting",
  chain: [{ app: "django" }],
  trial: { kind: "starvation", streams: 8 },
  does: { end: "hung", cause: "queued", culprit: "django" },
  because: "https://docs.gunicorn.org/en/stable/design.html#choosing-a-worker-type",
  fixedBy: "django-on-uvicorn-serves-one-more-request",
});
