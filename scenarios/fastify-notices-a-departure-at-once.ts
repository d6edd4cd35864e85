import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Fastify closes its response as soon as the client has left",
  chain: [{ app: "fastify" }],
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 1000 },
});
