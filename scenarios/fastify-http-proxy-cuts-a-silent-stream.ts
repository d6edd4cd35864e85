import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "bodyTimeout of undici is an idle limit: @fastify/http-proxy cuts silence of any type, and heartbeats survive it",
  chain: [{ app: "sse" }, "fastify-http-proxy:undici-timeout"],
  trial: { kind: "silence" },
  does: { end: "incomplete-visible", cause: "idle-limit", culprit: "fastify-http-proxy" },
  because: "https://undici.nodejs.org/#/docs/api/Client?id=parameter-clientoptions",
  twin: "silence-survives-a-straight-pipe",
});
