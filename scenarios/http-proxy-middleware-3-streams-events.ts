import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy-middleware 3 forwards events one by one",
  chain: [{ app: "sse" }, "http-proxy-middleware-3"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", end: "complete" },
});
