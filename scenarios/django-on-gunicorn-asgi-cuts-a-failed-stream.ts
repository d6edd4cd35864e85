import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Under Gunicorn's own ASGI worker, a view that fails in mid-stream is visible",
  chain: [{ app: "django@5.2:gunicorn-asgi" }],
  request: { path: "/stream-async" },
  trial: { kind: "origin-abort" },
  must: { end: "visibly" },
});
