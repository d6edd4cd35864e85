import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy-middleware passes every event on",
  chain: [{ app: "sse" }, "http-proxy-middleware"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", integrity: "intact", end: "complete" },
});
