import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A hundred streams that Pushpin holds do not occupy Gunicorn's only sync worker",
  chain: [{ app: "django-pushpin" }],
  trial: { kind: "starvation", streams: 100 },
  must: { end: "complete" },
});
