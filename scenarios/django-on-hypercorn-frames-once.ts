import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Hypercorn frames a Django stream once, though the view sets Transfer-Encoding: chunked by hand",
  chain: [{ app: "django:hypercorn" }],
  request: { path: "/chunked-by-hand-async" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", end: "complete", integrity: "intact" },
});
