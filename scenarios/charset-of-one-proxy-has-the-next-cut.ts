import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "The charset that Express adds has the next proxy cut the silence of an event stream",
  chain: [{ app: "sse" }, "express-http-proxy", "fastify-http-proxy:node-timeout"],
  trial: { kind: "silence" },
  does: { end: "incomplete-visible", cause: "idle-limit", culprit: "fastify-http-proxy" },
  because: "https://github.com/basecamp/kamal-proxy/issues/54",
  twin: "event-stream-stays-one-in-two-proxies",
});
