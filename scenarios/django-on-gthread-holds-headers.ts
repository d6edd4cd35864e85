import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Gunicorn holds the header section of a Django stream until the first item",
  chain: [{ app: "django:gthread" }],
  trial: { kind: "header-hold" },
  does: { headers: "held", culprit: "django" },
  because: "https://peps.python.org/pep-3333/#the-start-response-callable",
  fixedBy: "django-on-uvicorn-flushes-headers",
});
