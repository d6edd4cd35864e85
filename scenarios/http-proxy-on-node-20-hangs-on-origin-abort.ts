import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "On Node 20 too http-proxy leaves the client hanging when the origin aborts",
  chain: [{ app: "sse" }, "http-proxy@node20"],
  trial: { kind: "origin-abort", how: ["reset", "close"] },
  does: { end: "hung", culprit: "http-proxy" },
  because: "https://github.com/http-party/node-http-proxy/issues/1586",
  twin: "http-proxy-origin-abort-repaired",
});
