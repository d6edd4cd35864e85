import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy leaves the client waiting when the origin aborts, on Node 20 too",
  chain: [{ app: "sse" }, "http-proxy@node20"],
  trial: { kind: "origin-abort", how: ["reset", "close"] },
  does: { end: "hung", culprit: "http-proxy" },
  because: "https://github.com/http-party/node-http-proxy/issues/1586",
  fixedBy: "http-proxy-origin-abort-repaired",
});
