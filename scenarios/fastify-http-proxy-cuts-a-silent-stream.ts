import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "bodyTimeout of undici is an idle timeout: @fastify/http-proxy cuts silent streams of any type, but not streams with heartbeats",
  chain: [{ app: "sse" }, "fastify-http-proxy:undici-timeout"],
  trial: { kind: "silence" },
  does: { end: "truncated-visibly", cause: "idle-timeout", culprit: "fastify-http-proxy" },
  because: "https://undici.nodejs.org/#/docs/api/Client?id=parameter-clientoptions",
  fixedBy: "silence-survives-a-straight-pipe",
});
