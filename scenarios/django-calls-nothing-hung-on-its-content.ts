import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A disconnect function of the iterator that Django streams is never called",
  chain: [{ app: "django:gthread" }],
  request: { path: "/hung-on" },
  trial: { kind: "client-leaving" },
  does: { disconnect: "not-propagated", culprit: "django" },
  because: "https://docs.djangoproject.com/en/4.2/ref/request-response/#django.http.HttpResponse.close",
  fixedBy: "django-5.2-notices-a-departure-at-once",
});
