import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Django on Gunicorn's sync worker notices that its client has left when it writes next",
  chain: [{ app: "django" }],
  trial: { kind: "client-leaving" },
  does: { disconnect: "propagated-on-next-write", culprit: "django" },
  because: "https://docs.djangoproject.com/en/4.2/ref/request-response/#streaminghttpresponse-objects",
  fixedBy: "django-5.2-notices-a-departure-at-once",
});
