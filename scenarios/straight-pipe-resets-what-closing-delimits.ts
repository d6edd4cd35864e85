import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A Node proxy that handles the request's error event passes on a reset of a response that closing delimits",
  chain: [{ app: "sse" }, "http-pipe"],
  response: { framing: "close" },
  trial: { kind: "origin-abort", how: ["reset"] },
  must: { end: "visibly" },
});
