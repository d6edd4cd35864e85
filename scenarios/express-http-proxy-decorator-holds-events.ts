import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "With userResDecorator, express-http-proxy collects the whole body first",
  chain: [{ app: "sse" }, "express-http-proxy:decorator"],
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "express-http-proxy" },
  because: "https://github.com/villadora/express-http-proxy#userresdecorator-was-intercept-supports-promise",
  fixedBy: "express-http-proxy-streams-events",
});
