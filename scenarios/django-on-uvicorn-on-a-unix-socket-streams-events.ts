import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx without buffering passes on each event that Uvicorn sends over a unix socket",
  chain: [{ app: "django-nginx:uvicorn" }],
  request: { path: "/stream-async" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
