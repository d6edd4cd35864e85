import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Django 3.2 answers 500 where a view gives StreamingHttpResponse an async iterator",
  chain: [{ app: "django@3.2:gthread" }],
  request: { path: "/stream-async" },
  trial: { kind: "lock-step" },
  does: { end: "error-response", culprit: "django" },
  because: "https://docs.djangoproject.com/en/4.2/releases/4.2/#requests-and-responses",
  fixedBy: "django-async-iterator-under-asgi-streams-events",
});
