import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx cuts visibly when the origin resets a response that closing delimits",
  chain: [{ app: "sse" }, "nginx:unbuffered"],
  response: { framing: "close" },
  trial: { kind: "origin-abort", how: ["reset"] },
  must: { end: "visibly" },
});
