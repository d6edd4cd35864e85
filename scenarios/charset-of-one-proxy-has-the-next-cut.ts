import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "The charset that Express adds makes the next proxy cut a silent event stream",
  chain: [{ app: "sse" }, "express-http-proxy", "fastify-http-proxy:node-timeout"],
  trial: { kind: "silence" },
  does: { end: "truncated-visibly", cause: "idle-timeout", culprit: "fastify-http-proxy" },
  because: "https://github.com/basecamp/kamal-proxy/issues/54",
  fixedBy: "event-stream-stays-one-in-two-proxies",
});
