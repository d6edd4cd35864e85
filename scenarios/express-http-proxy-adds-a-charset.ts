import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Express adds a charset to the Content-Type of whatever it proxies",
  chain: [{ app: "sse" }, "express-http-proxy"],
  trial: { kind: "lock-step" },
  does: { integrity: "altered", culprit: "express-http-proxy" },
  because: "https://github.com/basecamp/kamal-proxy/issues/54",
  fixedBy: "fastify-http-proxy-streams-events",
});
