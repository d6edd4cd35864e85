import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A reload of Gunicorn (HUP) lets a stream of six seconds end on its gthread worker",
  chain: [{ app: "django:gthread" }],
  trial: { kind: "reload" },
  must: { end: "complete" },
});
