import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy makes the origin's abort visible if it destroys the response",
  chain: [{ app: "sse" }, "http-proxy:origin-abort"],
  trial: { kind: "origin-abort" },
  must: { end: "visibly" },
});
