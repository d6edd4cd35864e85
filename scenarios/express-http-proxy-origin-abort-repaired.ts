import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "express-http-proxy cuts visibly if the piped upstream response destroys the client's response",
  chain: [{ app: "sse" }, "express-http-proxy:origin-abort"],
  trial: { kind: "origin-abort" },
  must: { end: "visibly" },
});
