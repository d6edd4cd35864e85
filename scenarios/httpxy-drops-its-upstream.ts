import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "httpxy closes its upstream connection as soon as the client has left",
  chain: [{ app: "sse" }, "httpxy"],
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 1000 },
});
