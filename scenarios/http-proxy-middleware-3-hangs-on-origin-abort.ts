import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy-middleware 3 leaves the client waiting when the origin closes early",
  chain: [{ app: "sse" }, "http-proxy-middleware-3"],
  trial: { kind: "origin-abort", how: ["close", "no-last-chunk"] },
  does: { end: "hung", culprit: "http-proxy-middleware-3" },
  because: "https://github.com/http-party/node-http-proxy/issues/1586",
  fixedBy: "http-proxy-middleware-3-origin-abort-repaired",
});
