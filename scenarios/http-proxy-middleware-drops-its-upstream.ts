import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy-middleware closes its upstream connection when the client leaves",
  chain: [{ app: "sse" }, "http-proxy-middleware"],
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 1000 },
});
