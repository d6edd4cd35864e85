import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "express-http-proxy cuts visibly once what it pipes destroys the response",
  chain: [{ app: "sse" }, "express-http-proxy:origin-abort"],
  trial: { kind: "origin-abort" },
  must: { end: "visibly" },
});
