import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Daphne drops the first item of a stream in response to HEAD, and with 204 and 304, and sends those after it",
  chain: [{ app: "django:daphne" }],
  trial: { kind: "bodyless" },
  does: { end: "malformed", culprit: "django" },
  because: "https://github.com/django/daphne/blob/main/daphne/http_protocol.py",
  fixedBy: "django-on-uvicorn-ends-bodyless",
});
