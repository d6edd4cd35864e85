import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Behind nginx that reaches Gunicorn by HTTP/1.1 over a unix socket, a Django view that fails in mid-stream is visible",
  chain: [{ app: "django-nginx:gunicorn-http-1.1" }],
  trial: { kind: "origin-abort" },
  must: { end: "visibly" },
});
