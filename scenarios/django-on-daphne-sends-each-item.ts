import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Daphne sends each item that Django yields by itself, from 1 B to 20 kB",
  chain: [{ app: "django:daphne" }],
  request: { path: "/stream-async" },
  trial: { kind: "size-sweep" },
  must: { deliver: "incrementally", end: "complete", integrity: "intact" },
});
