import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "timeout of express-http-proxy answers 504 when no header section comes",
  chain: [{ app: "sse" }, "express-http-proxy:timeout"],
  trial: { kind: "first-byte-wait" },
  does: { end: "error-response", cause: "first-byte-limit", culprit: "express-http-proxy" },
  because: "https://github.com/villadora/express-http-proxy#timeout",
});
