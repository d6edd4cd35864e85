import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Gunicorn's sync worker sends the items of a stream after the header section of a response to HEAD",
  chain: [{ app: "django" }],
  trial: { kind: "bodyless" },
  does: { end: "malformed", culprit: "django" },
  because: "https://github.com/benoitc/gunicorn/blob/23.0.0/gunicorn/http/wsgi.py",
  fixedBy: "django-on-uvicorn-ends-bodyless",
});
