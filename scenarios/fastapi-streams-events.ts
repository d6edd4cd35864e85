import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "FastAPI streams a StreamingResponse",
  chain: [{ app: "fastapi" }, "nginx:unbuffered"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", end: "complete", integrity: "intact" },
});
