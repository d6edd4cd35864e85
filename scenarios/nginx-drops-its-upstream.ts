import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx closes its upstream connection as soon as the client has left",
  chain: [{ app: "sse" }, "nginx:http-1.1"],
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 1000 },
});
