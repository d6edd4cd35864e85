import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Django reads a sync iterator to its end before it sends it under ASGI",
  chain: [{ app: "django:uvicorn" }],
  trial: { kind: "lock-step" },
  does: { deliver: "buffered", culprit: "django" },
  because: "https://docs.djangoproject.com/en/4.2/ref/request-response/#django.http.StreamingHttpResponse",
  fixedBy: "django-async-iterator-under-asgi-streams-events",
});
