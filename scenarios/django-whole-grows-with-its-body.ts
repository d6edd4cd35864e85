import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Django's HttpResponse needs memory in proportion to the body: its parts, and the whole beside them",
  chain: [{ app: "django:gthread" }],
  request: { path: "/whole" },
  trial: { kind: "memory" },
  does: { memory: "grows", culprit: "django" },
  because: "https://docs.djangoproject.com/en/4.2/ref/request-response/#passing-iterators",
  fixedBy: "django-stream-needs-bounded-memory",
});
