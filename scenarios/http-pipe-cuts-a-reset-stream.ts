import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Node 24 reports a reset that comes with data, and a straight proxy cuts what closing delimits",
  chain: [{ app: "sse" }, "http-pipe"],
  response: { framing: "close" },
  trial: { kind: "origin-abort", how: ["reset-after-data"] },
  must: { end: "visibly", integrity: "intact" },
});
