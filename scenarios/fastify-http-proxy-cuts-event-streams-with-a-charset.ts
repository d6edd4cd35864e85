import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "@fastify/http-proxy over node:http does not recognize text/event-stream with a charset, and cuts a silent stream",
  chain: [{ app: "sse" }, "fastify-http-proxy:node-timeout"],
  response: { contentType: "text/event-stream; charset=utf-8" },
  trial: { kind: "silence" },
  does: { end: "truncated-visibly", cause: "idle-timeout", culprit: "fastify-http-proxy" },
  because: "https://github.com/fastify/fastify-reply-from/pull/299",
  fixedBy: "fastify-http-proxy-spares-event-streams",
});
