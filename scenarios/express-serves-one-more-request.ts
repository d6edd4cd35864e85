import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A hundred slow streams under Express do not keep the next request waiting",
  chain: [{ app: "express" }],
  trial: { kind: "starvation", streams: 100 },
  must: { end: "complete" },
});
