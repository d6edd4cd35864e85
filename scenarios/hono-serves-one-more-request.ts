import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A hundred slow streams under Hono do not keep the next request waiting",
  chain: [{ app: "hono" }],
  trial: { kind: "starvation", streams: 100 },
  must: { end: "complete" },
});
