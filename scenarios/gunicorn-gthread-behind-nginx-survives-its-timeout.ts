import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Behind nginx, too, Gunicorn's gthread worker streams for longer than --timeout",
  chain: [{ app: "django:gthread-timeout" }, "nginx@1.26:unbuffered"],
  trial: { kind: "silence", silentMs: 9000 },
  must: { end: "complete", integrity: "intact" },
});
