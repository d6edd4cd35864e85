import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Django 5.2's GZipMiddleware still makes a gzip member of every item of an async iterator",
  chain: [{ app: "django@5.2:uvicorn-gzip" }],
  request: { acceptEncoding: "gzip", path: "/stream-async" },
  trial: { kind: "lock-step" },
  does: { integrity: "altered", culprit: "django" },
  because: "https://docs.djangoproject.com/en/5.0/_modules/django/middleware/gzip/",
  fixedBy: "django-async-without-gzip-streams-to-gzip-clients",
});
