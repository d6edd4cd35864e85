import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Gunicorn's own ASGI worker sends each item as it comes",
  chain: [{ app: "django@5.2:gunicorn-asgi" }],
  request: { path: "/stream-async" },
  trial: { kind: "size-sweep" },
  must: { deliver: "incrementally" },
});
