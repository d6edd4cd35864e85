import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Starlette streams a StreamingResponse over an async iterator",
  chain: [{ app: "starlette" }, "nginx:unbuffered"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", end: "complete", integrity: "intact" },
});
