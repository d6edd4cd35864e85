import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "@fastify/http-proxy does not know text/event-stream by node:http once a charset follows, and cuts its silence",
  chain: [{ app: "sse" }, "fastify-http-proxy:node-timeout"],
  response: { contentType: "text/event-stream; charset=utf-8" },
  trial: { kind: "silence" },
  does: { end: "incomplete-visible", cause: "idle-limit", culprit: "fastify-http-proxy" },
  because: "https://github.com/fastify/fastify-reply-from/pull/299",
  twin: "fastify-http-proxy-spares-event-streams",
});
