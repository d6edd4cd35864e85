import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy-3 closes its upstream connection as soon as the client has left",
  chain: [{ app: "sse" }, "http-proxy-3"],
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 1000 },
});
