import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Django's StreamingHttpResponse needs no more memory the larger the body is",
  chain: [{ app: "django:gthread" }],
  trial: { kind: "memory" },
  must: { memory: "bounded" },
});
