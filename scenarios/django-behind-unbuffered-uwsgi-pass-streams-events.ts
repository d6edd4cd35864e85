import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "With uwsgi_buffering off, nginx passes on each event of a Django stream",
  chain: [{ app: "django-nginx:unbuffered" }],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
