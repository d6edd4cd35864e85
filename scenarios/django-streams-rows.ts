import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Django streams CSV row by row",
  chain: [{ app: "django:gthread" }, "nginx:unbuffered"],
  request: { path: "/rows" },
  response: { format: "csv" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", end: "complete", integrity: "intact" },
});
