import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Uvicorn frames a Django stream once, though the view sets Transfer-Encoding: chunked by hand",
  chain: [{ app: "django:uvicorn" }],
  request: { path: "/chunked-by-hand-async" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", end: "complete", integrity: "intact" },
});
