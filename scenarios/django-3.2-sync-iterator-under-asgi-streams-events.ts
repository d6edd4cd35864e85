import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Django 3.2 streams a sync iterator under ASGI, in the event loop itself",
  chain: [{ app: "django@3.2:uvicorn" }],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", end: "complete" },
});
