import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Fifteen slow streams on sixteen threads of Gunicorn leave one for the next request",
  chain: [{ app: "django:gthread" }],
  trial: { kind: "starvation", streams: 15 },
  must: { end: "complete" },
});
