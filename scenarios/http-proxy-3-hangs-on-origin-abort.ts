import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy-3 leaves the client waiting when the origin aborts",
  chain: [{ app: "sse" }, "http-proxy-3"],
  trial: { kind: "origin-abort" },
  does: { end: "hung", culprit: "http-proxy-3" },
  because: "https://github.com/sagemathinc/http-proxy-3",
  fixedBy: "http-proxy-3-origin-abort-repaired",
});
