import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy-3 tells the client of the origin's abort once it destroys the response",
  chain: [{ app: "sse" }, "http-proxy-3:origin-abort"],
  trial: { kind: "origin-abort" },
  must: { end: "visibly" },
});
