import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Express sends the header section when it is told to flush it",
  chain: [{ app: "express" }],
  trial: { kind: "header-hold" },
  must: { headers: "promptly" },
});
