import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "With CommonMiddleware an HttpResponse has a Content-Length, and is held all the same",
  chain: [{ app: "django:common" }],
  request: { path: "/whole" },
  trial: { kind: "lock-step" },
  does: { deliver: "buffered", culprit: "django" },
  because: "https://docs.djangoproject.com/en/4.2/ref/middleware/#django.middleware.common.CommonMiddleware",
  fixedBy: "django-common-middleware-lets-streams-pass",
});
