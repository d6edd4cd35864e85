import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "userResDecorator has express-http-proxy collect the whole body first",
  chain: [{ app: "sse" }, "express-http-proxy:decorator"],
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "express-http-proxy" },
  because: "https://github.com/villadora/express-http-proxy#userresdecorator-was-intercept-supports-promise",
  twin: "express-http-proxy-streams-events",
});
