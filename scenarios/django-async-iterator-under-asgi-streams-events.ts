import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Django streams an async iterator under ASGI",
  chain: [{ app: "django:uvicorn" }],
  request: { path: "/stream-async" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", end: "complete" },
});
