import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Django reads an async iterator to its end before it sends it under WSGI",
  chain: [{ app: "django:gthread" }],
  request: { path: "/stream-async" },
  trial: { kind: "lock-step" },
  does: { deliver: "buffered", culprit: "django" },
  because: "https://docs.djangoproject.com/en/4.2/ref/request-response/#django.http.StreamingHttpResponse",
  fixedBy: "django-streams-through-a-pipe",
});
