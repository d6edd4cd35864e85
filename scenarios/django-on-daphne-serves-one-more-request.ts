import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A hundred slow streams under Daphne do not keep the next request waiting",
  chain: [{ app: "django:daphne" }],
  request: { path: "/stream-async" },
  trial: { kind: "starvation", streams: 100 },
  must: { end: "complete" },
});
