import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "httpxy forwards events one by one",
  chain: [{ app: "sse" }, "httpxy"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", end: "complete" },
});
