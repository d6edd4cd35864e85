import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A hundred slow streams under Uvicorn do not keep the next request waiting",
  chain: [{ app: "django:uvicorn" }],
  request: { path: "/stream-async" },
  trial: { kind: "starvation", streams: 100 },
  must: { end: "complete" },
});
