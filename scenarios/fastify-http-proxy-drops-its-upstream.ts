import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "@fastify/http-proxy closes its upstream connection when the client leaves",
  chain: [{ app: "sse" }, "fastify-http-proxy"],
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 1000 },
});
