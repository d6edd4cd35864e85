import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "One stream that Pushpin only passes on keeps the next request to Gunicorn's only sync worker waiting",
  chain: [{ app: "django-pushpin:passed" }],
  request: { path: "/passed" },
  trial: { kind: "starvation", streams: 1 },
  does: { end: "hung", cause: "queued", culprit: "django-pushpin" },
  because: "https://docs.gunicorn.org/en/stable/design.html#choosing-a-worker-type",
  fixedBy: "django-held-by-pushpin-serves-one-more-request",
});
