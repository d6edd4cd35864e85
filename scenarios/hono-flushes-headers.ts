import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Hono's streamSSE sends the header section before there is an event",
  chain: [{ app: "hono" }],
  trial: { kind: "header-hold" },
  must: { headers: "promptly" },
});
