import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Two streams that Pushpin only passes on keep the next request to Gunicorn's only sync worker waiting",
  chain: [{ app: "django-pushpin:passed" }],
  request: { path: "/passed" },
  trial: { kind: "starvation", streams: 2 },
  does: { end: "hung", cause: "queued", culprit: "django-pushpin" },
  because: "https://docs.gunicorn.org/en/stable/design.html#choosing-a-worker-type",
  fixedBy: "django-held-by-pushpin-serves-one-more-request",
});
