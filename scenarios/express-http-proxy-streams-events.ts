import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "express-http-proxy without decorators passes every event on",
  chain: [{ app: "sse" }, "express-http-proxy"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", end: "complete" },
});
