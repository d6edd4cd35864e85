import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Django's StreamingHttpResponse over an async iterator needs no more memory the larger the body is",
  chain: [{ app: "django:uvicorn" }],
  request: { path: "/stream-async" },
  trial: { kind: "memory" },
  must: { memory: "bounded" },
});
