import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "With userResHeaderDecorator, which only changes headers, express-http-proxy also collects the whole body",
  chain: [{ app: "sse" }, "express-http-proxy:header-decorator"],
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "express-http-proxy" },
  because: "https://github.com/villadora/express-http-proxy#streaming",
  fixedBy: "express-http-proxy-streams-events",
});
