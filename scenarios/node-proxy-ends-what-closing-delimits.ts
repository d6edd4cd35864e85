import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A reset inside a response that closing delimits is its regular end to node:http, and http-proxy adds the last chunk",
  chain: [{ app: "sse" }, "http-proxy"],
  response: { framing: "close" },
  trial: { kind: "origin-abort", how: ["reset"] },
  does: { end: "incomplete-silent", culprit: "http-proxy" },
  because: "https://github.com/nodejs/node/blob/main/lib/_http_client.js",
  twin: "straight-pipe-resets-what-closing-delimits",
});
