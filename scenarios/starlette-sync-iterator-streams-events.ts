import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Starlette streams a sync iterator, too: it runs it in a thread",
  chain: [{ app: "starlette" }],
  request: { path: "/stream-sync" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", end: "complete" },
});
