import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Waitress sends each item that Django yields by itself, from 1 B to 20 kB",
  chain: [{ app: "django:waitress" }],
  trial: { kind: "size-sweep" },
  must: { deliver: "incrementally", end: "complete", integrity: "intact" },
});
