import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Behind nginx, which drops its upstream at once, Django under Gunicorn notices a departure when it writes next",
  chain: [{ app: "django:gthread" }, "nginx:unbuffered"],
  trial: { kind: "client-leaving" },
  does: { disconnect: "propagated-on-next-write", culprit: "django" },
  because: "https://docs.djangoproject.com/en/4.2/ref/request-response/#streaminghttpresponse-objects",
  fixedBy: "django-5.2-notices-a-departure-at-once",
});
