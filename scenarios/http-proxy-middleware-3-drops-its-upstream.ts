import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy-middleware 3 closes its upstream connection when the client leaves, unlike http-proxy, which it wraps",
  chain: [{ app: "sse" }, "http-proxy-middleware-3"],
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 1000 },
});
