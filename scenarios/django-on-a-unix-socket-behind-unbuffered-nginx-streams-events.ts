import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "With proxy_buffering off, nginx passes on each event that Gunicorn sends over a unix socket",
  chain: [{ app: "django-nginx:gunicorn-unbuffered" }],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
