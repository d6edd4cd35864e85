import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "httpxy cuts visibly with a catch that aborts a started response",
  chain: [{ app: "sse" }, "httpxy:repaired"],
  trial: { kind: "origin-abort" },
  must: { end: "visibly", integrity: "intact" },
});
