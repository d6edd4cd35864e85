import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Django's HttpResponse over an iterator sends nothing before it has read it all, though Gunicorn frames it in chunks",
  chain: [{ app: "django:gthread" }, "http-pipe"],
  request: { path: "/whole" },
  trial: { kind: "lock-step" },
  does: { deliver: "buffered", culprit: "django" },
  because: "https://docs.djangoproject.com/en/4.2/ref/request-response/#passing-iterators",
  fixedBy: "django-streams-through-a-pipe",
});
