import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "node:http takes a reset of a response that closing delimits for its end, and http-proxy adds the last chunk",
  chain: [{ app: "sse" }, "http-proxy"],
  response: { framing: "close" },
  trial: { kind: "origin-abort", how: ["reset"] },
  does: { end: "truncated-silently", culprit: "http-proxy" },
  because: "https://github.com/nodejs/node/blob/main/lib/_http_client.js",
  fixedBy: "straight-pipe-resets-what-closing-delimits",
});
