import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A hundred slow streams under Gunicorn's gevent worker do not keep the next request waiting",
  chain: [{ app: "django:gevent" }],
  trial: { kind: "starvation", streams: 100 },
  must: { end: "complete" },
});
