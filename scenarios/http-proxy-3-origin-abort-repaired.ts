import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy-3 makes the origin's abort visible if it destroys the response",
  chain: [{ app: "sse" }, "http-proxy-3:origin-abort"],
  trial: { kind: "origin-abort" },
  must: { end: "visibly" },
});
