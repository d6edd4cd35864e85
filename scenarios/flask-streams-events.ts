import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Flask streams a Response over a generator",
  chain: [{ app: "flask" }, "nginx:unbuffered"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", end: "complete", integrity: "intact" },
});
