import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Daphne holds the header section of a Django stream until the first item",
  chain: [{ app: "django:daphne" }],
  request: { path: "/stream-async" },
  trial: { kind: "header-hold" },
  does: { headers: "held", culprit: "django" },
  because: "https://github.com/django/daphne/blob/main/daphne/http_protocol.py",
  fixedBy: "django-on-uvicorn-flushes-headers",
});
