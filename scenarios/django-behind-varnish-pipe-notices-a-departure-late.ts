import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Behind Varnish with return (pipe) a Django view notices a departure only after several writes",
  chain: [{ app: "django:gthread" }, "varnish:pipe"],
  trial: { kind: "client-leaving" },
  does: { disconnect: "propagated-late", culprit: "django" },
  because: "https://docs.djangoproject.com/en/4.2/ref/request-response/#streaminghttpresponse-objects",
  fixedBy: "django-5.2-notices-a-departure-at-once",
});
