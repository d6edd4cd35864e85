import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Gunicorn frames a Django stream once, though the view sets Transfer-Encoding: chunked by hand",
  chain: [{ app: "django:gthread" }],
  request: { path: "/chunked-by-hand" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", end: "complete", integrity: "intact" },
});
