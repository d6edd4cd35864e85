import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "userResHeaderDecorator, which is about headers, has express-http-proxy collect the whole body too",
  chain: [{ app: "sse" }, "express-http-proxy:header-decorator"],
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "express-http-proxy" },
  because: "https://github.com/villadora/express-http-proxy#streaming",
  twin: "express-http-proxy-streams-events",
});
