import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Django streams a JSON list element by element, and what came is a whole list",
  chain: [{ app: "django:gthread" }, "nginx:unbuffered"],
  request: { path: "/json" },
  response: { format: "json-array" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", end: "complete", integrity: "intact" },
});
