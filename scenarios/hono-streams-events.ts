import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Hono's streamSSE sends each event as it comes",
  chain: [{ app: "hono" }],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
