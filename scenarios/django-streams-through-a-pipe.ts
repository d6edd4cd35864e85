import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Django's StreamingHttpResponse over the same iterator sends each item as it comes",
  chain: [{ app: "django:gthread" }, "http-pipe"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", end: "complete" },
});
